import { expect, it } from "vitest";
import { checked, flux, home, object, studio, toStudio } from "./test-other-home.ts";

it("leaves an authority that others take too for its owner to judge", async () => {
  const source = (name: string, secretName: string) =>
    object(
      "ReplicationSource",
      name,
      "ai",
      { spec: { sourcePVC: "studio", restic: { repository: "x", customCA: { secretName, key: "ca.crt" } } } },
      "volsync.backube/v1alpha1",
    );
  const { said } = await checked({
    ...home,
    ...toStudio({}),
    "kubernetes/apps/ai/chess-ks.yaml": flux("chess", "./kubernetes/apps/ai/chess", {
      targetNamespace: "ai",
    }),
    "kubernetes/apps/ai/kustomization.yaml": "resources: [./ks.yaml, ./chess-ks.yaml]\n",
    "kubernetes/apps/ai/chess/source.yaml": source("chess", "house"),
    "kubernetes/apps/ai/app/source.yaml": source("studio", "house"),
    "kubernetes/apps/ai/app/other.yaml": source("other", "nobody"),
  });
  expect(said.filter((one) => / mover-never-starts: .*(studio|other) /.test(one)).sort()).toEqual([
    expect.stringMatching(/^error .*other asks Secret ai\/nobody/),
    expect.stringMatching(/^warning .*studio asks Secret ai\/house/),
  ]);
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

it("names no Deployment to whoever looks for something else in a document", async () => {
  const { said } = await checked({
    ...home,
    ...toStudio({}),
    "kubernetes/apps/games/ks.yaml": flux("games", "./kubernetes/apps/games/app"),
    "kubernetes/apps/games/kustomization.yaml": "resources: [./ks.yaml]\n",
    "kubernetes/apps/games/app/destination.yaml": object(
      "ReplicationDestination",
      "chess",
      "games",
      { spec: { trigger: { manual: "once" }, restic: { repository: "chess" } } },
      "volsync.backube/v1alpha1",
    ),
    "kubernetes/apps/ai/volume-lost.md":
      "Then:\n\n```sh\nkubectl -n ai get replicationdestination studio-dst\n```\n",
  });
  expect(said.filter((one) => one.includes(" document-of-nothing: "))).toEqual([
    expect.stringMatching(/ReplicationDestination ai\/studio-dst, .* have no ReplicationDestination$/),
  ]);
});
