import { expect, it } from "vitest";
import { checked, flux, home, object, studio, toStudio } from "./test-other-home.ts";

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

it("presumes no password where all of a Secret is taken and nobody names its keys", async () => {
  const [app, ...beside] = studio.template.spec.containers;
  const template = {
    ...studio.template,
    spec: {
      ...studio.template.spec,
      containers: [{ ...app, readinessProbe: { httpGet: { path: "/", port: 4096 } } }, ...beside],
    },
  };
  const secret = (more: object) =>
    object(
      "ExternalSecret",
      "studio-token",
      "ai",
      { spec: { secretStoreRef: { kind: "ClusterSecretStore", name: "vault" }, ...more } },
      "external-secrets.io/v1",
    );
  const probes = async (more: object) => {
    const { said } = await checked({
      ...home,
      ...toStudio({}),
      "kubernetes/apps/ai/app/deployment.yaml": object(
        "Deployment",
        "studio",
        "ai",
        { spec: { ...studio, template } },
        "apps/v1",
      ),
      "kubernetes/apps/ai/app/secret.yaml": secret(more),
    });
    return said.filter((one) => one.includes(" probe-refused: "));
  };
  expect(await probes({ dataFrom: [{ extract: { key: "studio" } }] })).toEqual([
    expect.stringMatching(/^warning .*if Secret studio-token brings a password/),
  ]);
  const key = "OPENCODE_SERVER_PASSWORD";
  expect(await probes({ data: [{ secretKey: key, remoteRef: { key } }] })).toEqual([
    expect.stringMatching(/^error .*answers 401 without the password/),
  ]);
});

it("finds a container that keeps nothing, wherever its image has its home", async () => {
  const [app, ...beside] = studio.template.spec.containers;
  const spec = (volumeMounts: object[]) => ({
    ...studio.template.spec,
    containers: [{ ...app, volumeMounts }, ...beside],
  });
  const kept = async (volumeMounts: object[]) => {
    const template = { ...studio.template, spec: spec(volumeMounts) };
    const deployment = object("Deployment", "studio", "ai", { spec: { ...studio, template } }, "apps/v1");
    const { said } = await checked({
      ...home,
      ...toStudio({}),
      "kubernetes/apps/ai/app/deployment.yaml": deployment,
    });
    return said.filter((one) => one.includes(" data-not-kept: "));
  };
  expect(await kept([{ name: "data", mountPath: "/home/somebody" }])).toEqual([]);
  expect(await kept([])).toEqual([
    expect.stringMatching(/^error .*container of studio mounts no PersistentVolumeClaim/),
  ]);
});

it("asks for directories of mounts where their user is not root", async () => {
  const unmade = async (runAsUser: number) => {
    const [app, ...beside] = studio.template.spec.containers;
    const volumeMounts = [{ name: "data", mountPath: "/home/somebody", subPath: "home" }];
    const spec = {
      ...studio.template.spec,
      securityContext: { runAsUser, runAsGroup: runAsUser, fsGroup: runAsUser },
      containers: [{ ...app, volumeMounts }, ...beside],
    };
    const template = { ...studio.template, spec };
    const { said } = await checked({
      ...home,
      ...toStudio({}),
      "kubernetes/apps/ai/app/deployment.yaml": object(
        "Deployment",
        "studio",
        "ai",
        { spec: { ...studio, template } },
        "apps/v1",
      ),
    });
    return said.filter((one) => one.includes(" directory-unmade: "));
  };
  expect(await unmade(0)).toEqual([]);
  expect(await unmade(1000)).toEqual([expect.stringMatching(/makes home on the volume/)]);
});
