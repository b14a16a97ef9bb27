import { expect, it } from "vitest";
import { directoryWith } from "../../gitops/test-directory.ts";
import { checkTree } from "../check-tree.ts";

const flux = (name: string, path: string, more: object = {}, source = "flux-system") =>
  JSON.stringify({
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name, namespace: "flux-system" },
    spec: { interval: "1h", path, prune: true, sourceRef: { kind: "GitRepository", name: source }, ...more },
  });

const object = (
  kind: string,
  name: string,
  namespace: string | undefined,
  fields: object = {},
  group = "v1",
) =>
  JSON.stringify({
    apiVersion: group,
    kind,
    metadata: { name, ...(namespace ? { namespace } : {}) },
    ...fields,
  });

const claim = { persistentVolumeClaim: { claimName: "studio" } };
const studio = {
  replicas: 1,
  strategy: { type: "Recreate" },
  selector: { matchLabels: { app: "studio" } },
  template: {
    metadata: { labels: { app: "studio" } },
    spec: {
      securityContext: { runAsUser: 1111, runAsGroup: 1111, fsGroup: 1111 },
      initContainers: [
        {
          name: "clone",
          image: "alpine/git:2.49.1",
          command: ["sh", "-c", "git clone https://github.com/somebody/code /data/code"],
          envFrom: [{ secretRef: { name: "studio-token" } }],
          volumeMounts: [{ name: "data", mountPath: "/data" }],
        },
      ],
      containers: [
        {
          name: "app",
          image: "ghcr.io/somebody/opencode:1.18.18",
          args: ["serve"],
          envFrom: [{ secretRef: { name: "studio-token" } }],
          volumeMounts: [{ name: "data", mountPath: "/home/somebody" }],
        },
        { name: "docker", image: "docker:29-dind", securityContext: { privileged: true } },
      ],
      volumes: [{ name: "data", ...claim }],
    },
  },
};

/** A home of flux-operator, whose source and first Kustomization stand in no file below kubernetes/. */
const home = {
  "kubernetes/apps/flux-system/instance.yaml": object(
    "FluxInstance",
    "flux",
    "flux-system",
    { spec: { sync: { kind: "GitRepository", path: "setup/flux" } } },
    "fluxcd.controlplane.io/v1",
  ),
  "setup/flux/apps.yaml": flux("apps", "./kubernetes/apps"),
  "kubernetes/apps/stores/ks.yaml": flux("vault", "./kubernetes/apps/stores/app", {
    targetNamespace: "secrets",
  }),
  "kubernetes/apps/stores/app/store.yaml": object(
    "ClusterSecretStore",
    "vault",
    undefined,
    { spec: { provider: { vault: { server: "https://vault.example" } } } },
    "external-secrets.io/v1",
  ),
  "kubernetes/apps/stores/kustomization.yaml": "resources: [./ks.yaml]\n",
  "kubernetes/apps/flux-system/kustomization.yaml": "resources: [./instance.yaml]\n",
};

const toStudio = (more: object, source?: string) => ({
  "kubernetes/apps/ai/ks.yaml": flux(
    "opencode",
    "./kubernetes/apps/ai/app",
    { targetNamespace: "ai", ...more },
    source,
  ),
  "kubernetes/apps/ai/kustomization.yaml": "resources: [./ks.yaml]\n",
  "kubernetes/apps/ai/app/namespace.yaml": object("Namespace", "ai", undefined),
  "kubernetes/apps/ai/app/deployment.yaml": object("Deployment", "studio", "ai", { spec: studio }, "apps/v1"),
  "kubernetes/apps/ai/app/claim.yaml": object("PersistentVolumeClaim", "studio", "ai", {
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "local-path",
      resources: { requests: { storage: "1Gi" } },
    },
  }),
});

const checked = async (files: Record<string, string>) => {
  const { findings, home: found } = await checkTree({ manifests: await directoryWith(files) });
  const said = findings.map((one) => `${one.severity} ${one.id}: ${one.message} -> ${one.remedy}`);
  return { said, found };
};

it("says how the home calls what manifests of another home name", { timeout: 120_000 }, async () => {
  const dependsOn = [{ name: "external-secrets-stores" }, { name: "vault-app" }];
  const { said } = await checked({
    ...home,
    ...toStudio({ dependsOn }, "home-kubernetes"),
    "scripts/seed-copilot-auth.sh":
      "#!/bin/sh\nkubectl -n ai annotate externalsecret studio-token force-sync=now\ndoppler secrets set A --silent >/dev/null\n",
    "kubernetes/apps/ai/volume-lost.md":
      "Then:\n\n```sh\nkubectl -n studios get deployment studio\nkubectl -n ai get deployment studio\nkubectl -n ai get pods -l app=studio\n```\n",
  });
  const words = [
    /^error dependency-unanswered: .*its secret stores are made by flux-system\/vault/,
    /^error dependency-unanswered: .*did you mean flux-system\/vault\?/,
    /^error source-missing: .*name the one that the home has: GitRepository flux-system\/flux-system/,
  ];
  for (const one of words) expect.soft(said).toContainEqual(expect.stringMatching(one));
  // What follows from that is told no second time.
  expect(said.filter((one) => /seed-script-elsewhere|no-workspace|document-of-nothing/.test(one))).toEqual(
    [],
  );
});

it("says what the home's others substitute from", { timeout: 120_000 }, async () => {
  const from = (name: string) => ({ postBuild: { substituteFrom: [{ kind: "ConfigMap", name }] } });
  const { said } = await checked({
    ...home,
    ...toStudio(from("cluster-settings")),
    "setup/flux/names.yaml": object("ConfigMap", "names", "flux-system", { data: { HOME: "ours" } }),
    "kubernetes/apps/games/ks.yaml": flux("games", "./kubernetes/apps/games/app", from("names")),
    "kubernetes/apps/games/kustomization.yaml": "resources: [./ks.yaml]\n",
    "kubernetes/apps/games/app/chess.yaml": object("ConfigMap", "chess", "games", { data: {} }),
  });
  expect(said).toContainEqual(
    expect.stringMatching(
      /^error object-missing: .*ConfigMap\/cluster-settings.* substitute from ConfigMap flux-system\/names\)/,
    ),
  );
});

it("sends nobody to another namespace for a variable that is not there either", async () => {
  const games = JSON.parse(
    flux("games", "./kubernetes/apps/games/app", { postBuild: { substitute: { GAME: "chess" } } }),
  );
  const { said } = await checked({
    ...home,
    ...toStudio({}),
    "kubernetes/apps/games/ks.yaml": JSON.stringify({
      ...games,
      metadata: { ...games.metadata, namespace: "games" },
      spec: { ...games.spec, sourceRef: { ...games.spec.sourceRef, namespace: "flux-system" } },
    }),
    "kubernetes/apps/games/kustomization.yaml": "resources: [./ks.yaml]\n",
    "kubernetes/apps/games/app/chess.yaml": object("ConfigMap", "chess", "games", {
      data: { start: `for i in 1 2; do echo \${i}; done; echo \${HOME}` },
    }),
    "setup/flux/names.yaml": object("ConfigMap", "names", "flux-system", { data: { HOME: "ours" } }),
  });
  const blanked = said.filter((one) => one.includes(" variable-blanked: "));
  expect(blanked.sort()).toEqual([
    expect.stringMatching(/\$\{HOME\}.* let ks\.yaml be in flux-system/),
    expect.stringMatching(/\$\{i\}.*-> write \$\$?/),
  ]);
});

it("judges a workspace of another home by what that home has", { timeout: 120_000 }, async () => {
  const { said, found } = await checked({
    ...home,
    ...toStudio({}),
    "kubernetes/apps/ai/app/route.yaml": object(
      "HTTPRoute",
      "studio",
      "ai",
      {
        spec: {
          parentRefs: [{ name: "front", namespace: "network" }],
          hostnames: ["studio.example"],
          rules: [{ backendRefs: [{ name: "studio", port: 4096 }] }],
        },
      },
      "gateway.networking.k8s.io/v1",
    ),
    "kubernetes/apps/ai/app/service.yaml": object("Service", "studio", "ai", {
      spec: { selector: { app: "studio" }, ports: [{ port: 4096 }] },
    }),
    "kubernetes/apps/games/ks.yaml": flux("games", "./kubernetes/apps/games/app", {
      targetNamespace: "games",
    }),
    "kubernetes/apps/games/kustomization.yaml": "resources: [./ks.yaml]\n",
    "kubernetes/apps/games/app/chess.yaml": object("ConfigMap", "chess", "games", {
      data: { url: `postgresql://chess:${"tooth".repeat(5)}@db.games:5432/chess` },
    }),
    "kubernetes/apps/games/app/backup.yaml": object(
      "ReplicationSource",
      "chess",
      "games",
      { spec: { sourcePVC: "chess", kopia: {} } },
      "volsync.backube/v1alpha1",
    ),
    "kubernetes/apps/games/app/release.yaml": object(
      "HelmRelease",
      "go",
      "games",
      {
        spec: {
          interval: "1h",
          chart: {
            spec: {
              chart: "charts/go",
              sourceRef: { kind: "GitRepository", name: "flux-system", namespace: "flux-system" },
            },
          },
        },
      },
      "helm.toolkit.fluxcd.io/v2",
    ),
  });
  expect(found.workspaces.map(({ name }) => name)).toEqual(["studio"]);
  const of = (id: string) => said.filter((one) => one.includes(` ${id}: `));
  expect(of("node-in-reach")).toEqual([
    expect.stringMatching(/^warning .*container docker of studio is privileged/),
  ]);
  expect(of("no-home")).toContainEqual(
    expect.stringMatching(/^warning .*container app .* unless the image knows that user, or sets HOME/),
  );
  expect(of("token-in-app")).toEqual([expect.stringMatching(/gets all of Secret studio-token too/)]);
  expect(of("route-refused")).toEqual([
    expect.stringMatching(
      /^warning .*network\/front .* is not seen here: no Gateway of the home stands in Git/,
    ),
  ]);
  expect(of("prune-guard").map((one) => one.split(" ")[0])).toEqual(["warning", "warning"]);
  expect(of("known-token")).toEqual([expect.stringMatching(/^warning /)]);
  expect(of("bound-to-node")).toEqual([expect.not.stringMatching(/ceph/)]);
  expect(of("unknown-field")).toEqual([]);
  expect(of("object-missing")).toEqual([]);
});

it("says nothing of the backups of applications beside OpenCode", { timeout: 120_000 }, async () => {
  const replication = (kind: string, name: string, spec: object) =>
    object(kind, name, "ai", { spec }, "volsync.backube/v1alpha1");
  const { said } = await checked({
    ...home,
    ...toStudio({}),
    "kubernetes/apps/ai/chess-ks.yaml": flux("chess", "./kubernetes/apps/ai/chess", {
      targetNamespace: "ai",
    }),
    "kubernetes/apps/ai/kustomization.yaml": "resources: [./ks.yaml, ./chess-ks.yaml]\n",
    "kubernetes/apps/ai/chess/source.yaml": replication("ReplicationSource", "chess", {
      sourcePVC: "chess-of-its-chart",
      restic: { repository: "chess-of-its-chart", copyMethod: "Direct" },
    }),
    "kubernetes/apps/ai/chess/destination.yaml": replication("ReplicationDestination", "chess-dst", {
      trigger: { manual: "once" },
      restic: { repository: "chess-of-its-chart", copyMethod: "Snapshot", capacity: "1Gi" },
    }),
    "kubernetes/apps/ai/app/source.yaml": replication("ReplicationSource", "studio", {
      sourcePVC: "studoi",
      restic: { repository: "studio-of-nobody", copyMethod: "Direct" },
    }),
  });
  expect(said.filter((one) => one.includes("chess"))).toEqual([]);
  const words = [
    /^error backup-of-nothing: ReplicationSource studio backs up claim ai\/studoi/,
    /^error backup-repository: ReplicationSource studio takes its repository from Secret ai\/studio-of-nobody/,
    /^warning backup-direct: ReplicationSource studio/,
  ];
  for (const one of words) expect.soft(said).toContainEqual(expect.stringMatching(one));
});

it("judges neither models of others nor policies for other routes", { timeout: 120_000 }, async () => {
  const settings = JSON.stringify({ enabled_providers: ["anthropic"] });
  const clone = "git clone --filter=blob:none https://github.com/somebody/code code; exec opencode serve";
  const [app, ...beside] = studio.template.spec.containers;
  const own = {
    ...studio.template.spec,
    initContainers: [],
    containers: [
      {
        ...app,
        command: ["sh", "-c", clone],
        args: [],
        env: [{ name: "OPENCODE_CONFIG_CONTENT", value: settings }],
      },
      ...beside,
    ],
  };
  const gateway = {
    spec: { gatewayClassName: "mesh", listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
  };
  const { said } = await checked({
    ...home,
    ...toStudio({}),
    "kubernetes/apps/ai/app/deployment.yaml": object(
      "Deployment",
      "studio",
      "ai",
      { spec: { ...studio, template: { ...studio.template, spec: own } } },
      "apps/v1",
    ),
    "kubernetes/apps/ai/app/policy.yaml": object(
      "SecurityPolicy",
      "tools",
      "ai",
      {
        spec: {
          targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "tools" }],
          jwt: { providers: [{ name: "home", remoteJWKS: { uri: "https://auth.example/jwks" } }] },
        },
      },
      "gateway.envoyproxy.io/v1alpha1",
    ),
    "kubernetes/apps/mesh/ks.yaml": flux("mesh", "./kubernetes/apps/mesh/app", {
      targetNamespace: "mesh",
      healthChecks: [{ apiVersion: "apps/v1", kind: "Deployment", name: "models", namespace: "mesh" }],
    }),
    "kubernetes/apps/mesh/kustomization.yaml": "resources: [./ks.yaml]\n",
    "kubernetes/apps/mesh/app/gateway.yaml": object(
      "Gateway",
      "models",
      "mesh",
      gateway,
      "gateway.networking.k8s.io/v1",
    ),
    "kubernetes/apps/mesh/app/models.yaml": object("ConfigMap", "models", "mesh", {
      data: { address: "https://opencode.ai/zen" },
    }),
  });
  expect(said.filter((one) => /copilot-off|partial-clone|not-for-browsers|mesh/.test(one))).toEqual([]);
});

it("believes in an issuer that the home's chart makes, and in no other", { timeout: 120_000 }, async () => {
  const certificate = (name: string, issuer: string) =>
    object(
      "Certificate",
      name,
      "ai",
      {
        spec: {
          secretName: name,
          dnsNames: ["studio.example"],
          issuerRef: { kind: "ClusterIssuer", name: issuer },
        },
      },
      "cert-manager.io/v1",
    );
  const issuers = {
    interval: "1h",
    chartRef: { kind: "OCIRepository", name: "issuers" },
    values: { issuers: [{ name: "of-a-chart" }] },
  };
  const { said } = await checked({
    ...home,
    ...toStudio({}),
    "kubernetes/apps/ai/app/studio.yaml": certificate("studio", "of-a-chart"),
    "kubernetes/apps/ai/app/other.yaml": certificate("other", "of-nobody"),
    "kubernetes/apps/certs/ks.yaml": flux("certs", "./kubernetes/apps/certs/app"),
    "kubernetes/apps/certs/kustomization.yaml": "resources: [./ks.yaml]\n",
    "kubernetes/apps/certs/app/release.yaml": object(
      "HelmRelease",
      "issuers",
      "certs",
      { spec: issuers },
      "helm.toolkit.fluxcd.io/v2",
    ),
  });
  expect(said.filter((one) => one.includes(" issuer-missing: "))).toEqual([
    expect.stringMatching(/^warning .*ClusterIssuer of-nobody.* no ClusterIssuer is in Git/),
  ]);
});

it("knows classes by those of the home's charts, of made volumes and of k3s", {
  timeout: 120_000,
}, async () => {
  const claimOf = (name: string, storageClassName: string) =>
    object("PersistentVolumeClaim", name, "ai", {
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName,
        resources: { requests: { storage: "1Gi" } },
      },
    });
  const values = {
    priorityClassName: "high",
    storageClasses: [{ storageClass: { name: "fast" } }],
    volumeSnapshotClasses: [
      { name: "snap", annotations: { "snapshot.storage.kubernetes.io/is-default-class": "true" } },
    ],
  };
  const { said } = await checked({
    ...home,
    ...toStudio({}),
    "kubernetes/apps/ai/app/made.yaml": claimOf("made", "by-hand"),
    "kubernetes/apps/ai/app/unmade.yaml": claimOf("unmade", "of-nobody"),
    "kubernetes/apps/ai/app/volume.yaml": object("PersistentVolume", "made", undefined, {
      spec: {
        storageClassName: "by-hand",
        accessModes: ["ReadWriteOnce"],
        capacity: { storage: "1Gi" },
        nfs: { server: "nas.example", path: "/made" },
      },
    }),
    "kubernetes/apps/storage/ks.yaml": flux("storage", "./kubernetes/apps/storage/app"),
    "kubernetes/apps/storage/kustomization.yaml": "resources: [./ks.yaml]\n",
    "kubernetes/apps/storage/app/release.yaml": object(
      "HelmRelease",
      "storage",
      "storage",
      { spec: { interval: "1h", chartRef: { kind: "OCIRepository", name: "storage" }, values } },
      "helm.toolkit.fluxcd.io/v2",
    ),
  });
  expect(said.filter((one) => one.includes(" class-missing: "))).toEqual([
    expect.stringMatching(/StorageClass of-nobody, .* -> name one that the home makes: fast$/),
  ]);
});

it("tells one repository of backups from another by where the store has its address", async () => {
  const repository = (name: string, spec: object) => ({
    [`kubernetes/apps/ai/app/${name}.yaml`]: object(
      "ExternalSecret",
      name,
      "ai",
      {
        spec: {
          secretStoreRef: { kind: "ClusterSecretStore", name: "vault" },
          target: {
            template: { data: { RESTIC_REPOSITORY: "{{ .PLACE }}/studio", RESTIC_PASSWORD: "{{ .WORD }}" } },
          },
          ...spec,
        },
      },
      "external-secrets.io/v1",
    ),
    [`kubernetes/apps/ai/app/${name}-source.yaml`]: object(
      "ReplicationSource",
      name,
      "ai",
      { spec: { sourcePVC: "studio", trigger: { schedule: "0 3 * * *" }, restic: { repository: name } } },
      "volsync.backube/v1alpha1",
    ),
  });
  const extract = (key: string) => ({ dataFrom: [{ extract: { key } }] });
  const property = (one: string) => ({
    data: [
      { secretKey: "PLACE", remoteRef: { key: "backups", property: one } },
      { secretKey: "WORD", remoteRef: { key: "backups", property: "word" } },
    ],
  });
  const { said } = await checked({
    ...home,
    ...toStudio({}),
    ...repository("near", extract("minio")),
    ...repository("far", extract("cloud")),
    ...repository("first", property("attic")),
    ...repository("second", property("cellar")),
    ...repository("again", extract("cloud")),
  });
  expect(said.filter((one) => one.includes(" backup-shared: "))).toEqual([
    expect.stringMatching(/ReplicationSource (far and again|again and far) /),
  ]);
});

it("waits for no Kustomization of a workflow, nor of an archive", async () => {
  const { said } = await checked({
    ...home,
    ...toStudio({}),
    "kubernetes/.github/flux-local.yaml": flux("whole", "./kubernetes/apps"),
    "kubernetes/apps/_archive/ks.yaml": flux("opencode-before", "./kubernetes/apps/ai/app"),
    "kubernetes/apps/games/ks.yaml": flux("opencode-forgotten", "./kubernetes/apps/ai/app"),
    "kubernetes/apps/games/kustomization.yaml": "resources: []\n",
  });
  expect(said.filter((one) => one.includes(" never-applied: "))).toEqual([
    expect.stringMatching(/Kustomization opencode-forgotten /),
  ]);
});
