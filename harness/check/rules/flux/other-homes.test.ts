import { expect, it } from "vitest";
import { checked, flux, home, object, toStudio } from "../test-other-home.ts";

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
