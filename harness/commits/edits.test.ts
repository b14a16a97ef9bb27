import { expect, it } from "vitest";
import { parse } from "yaml";
import type { Cluster } from "../cluster/index.ts";
import { Tree } from "../gitops/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { breakBuild, changeClaims } from "./broken-commit.ts";
import { neverReady } from "./failing-upgrade.ts";
import { inInventory, letGo, removeUnclaimed, renameKustomization } from "./renaming.ts";

const ks = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: &app opencode-flux
spec:
  commonMetadata:
    labels:
      app.kubernetes.io/name: *app
  postBuild:
    substitute:
      APP: *app
      VOLSYNC_CAPACITY: 5Gi
`;

function edited(edit: (facts: ReturnType<typeof testFacts>, tree: Tree) => void, facts = testFacts()) {
  const tree = Tree.of([["ks.yaml", ks]]);
  edit(facts, tree);
  return parse(tree.text("ks.yaml"));
}

it("a broken commit patches what the workspace's Kustomization brings", () => {
  const { release: _, ...bare } = testFacts("opencode-flux", {
    workload: { kind: "StatefulSet", name: "opencode" },
  });
  const kindsOf = (...found: ReturnType<typeof edited>[]) =>
    found.map(({ spec }) => spec.patches[0].target.kind);
  expect(kindsOf(edited(breakBuild), edited(breakBuild, bare), edited(changeClaims))).toEqual([
    "HelmRelease",
    "StatefulSet",
    "PersistentVolumeClaim",
  ]);
});

it("an upgrade that is never Ready is the same image in a version that is not there", () => {
  const image = "registry.example:5000/me/opencode:1.18.34@sha256:00";
  const [timeout, added] = edited(neverReady, testFacts("opencode-flux", { image })).spec.patches;
  expect(JSON.parse(timeout.patch).spec).toEqual({ upgrade: { timeout: "8s" } });
  const images = [{ name: "registry.example:5000/me/opencode", newTag: "0.0.0-never-published" }];
  expect(JSON.parse(added.patch)).toEqual([
    { op: "add", path: "/spec/postRenderers", value: [{ kustomize: { images } }] },
  ]);
});

it("a renamed Kustomization takes along what has its name", () => {
  expect(edited(renameKustomization)).toMatchObject({
    metadata: { name: "opencode-flux-renamed" },
    spec: {
      commonMetadata: { labels: { "app.kubernetes.io/name": "opencode-flux-renamed" } },
      postBuild: { substitute: { APP: "opencode-flux-renamed", VOLSYNC_CAPACITY: "5Gi" } },
    },
  });
});

it("where the name is no anchor nothing goes along", () => {
  const tree = Tree.of([["ks.yaml", ks.replace("&app ", "").replaceAll("*app", "opencode-flux")]]);
  renameKustomization(testFacts(), tree);
  const { metadata, spec } = parse(tree.text("ks.yaml"));
  expect([metadata.name, spec.postBuild.substitute.APP]).toEqual(["opencode-flux-renamed", "opencode-flux"]);
});

it("before it is renamed a Kustomization lets go of what it has brought", () => {
  expect(edited(letGo).spec.deletionPolicy).toBe("Orphan");
});

it.each([
  ["opencode_a_external-secrets.io_ExternalSecret", "v1", "external-secrets.io/v1 ExternalSecret opencode/a"],
  ["opencode_a__PersistentVolumeClaim", "v1", "v1 PersistentVolumeClaim opencode/a"],
  ["_b_rbac.authorization.k8s.io_ClusterRole", "v1", "rbac.authorization.k8s.io/v1 ClusterRole b"],
])("reads %s of an inventory", (id, v, told) => {
  const { apiVersion, kind, namespace, name } = inInventory({ id, v });
  expect(`${apiVersion} ${kind} ${namespace ? `${namespace}/` : ""}${name}`).toBe(told);
});

it("of what a renamed Kustomization has brought only what has no other owner is removed", async () => {
  const brought = ["gone", "own", "taken-over"].map((name) => ({ apiVersion: "v1", kind: "Secret", name }));
  const owners: Record<string, string> = { own: "opencode-flux-renamed", "taken-over": "opencode-flux" };
  const removed: string[] = [];
  const objects = {
    find: async ({ name }: { name: string }) =>
      owners[name] && { metadata: { labels: { "kustomize.toolkit.fluxcd.io/name": owners[name] } } },
    remove: async ({ name }: { name: string }) => void removed.push(name),
  };
  await removeUnclaimed({ objects } as unknown as Cluster, testFacts(), brought);
  expect(removed).toEqual(["own"]);
});
