import { join } from "node:path";
import { expect, it } from "vitest";
import { checkoutDir } from "../../base/index.ts";
import { readTree, type Tree } from "../../gitops/index.ts";
import { renderHome } from "../../home/index.ts";
import { added, release, secret, text } from "../rules/test-check.ts";
import { changesBetween } from "./changes.ts";
import { touchesOf } from "./concerns.ts";
import { touchedScenarios } from "./touched.ts";

const manifests = join(checkoutDir, "manifests");
const timeout = 60_000;

/** What an edit of manifests/ changes. */
async function changesOf(edit: (tree: Tree) => void) {
  const after = await renderHome({ manifests }, edit);
  const before = await renderHome({ manifests, sops: after.sops }, undefined, await readTree(manifests));
  const changes = await changesBetween(before, after);
  return { changes, ...touchesOf(changes, before, after) };
}

it("finds nothing where nothing has changed, although values of SOPS are made up", { timeout }, async () => {
  const { changes, touches } = await changesOf(() => {});
  expect(changes).toEqual([]);
  expect(touches).toEqual([]);
});

it("tells what Flux and what Helm apply otherwise, with the lines and what they are about", {
  timeout,
}, async () => {
  const { changes, touches } = await changesOf((tree) => {
    text(release, "fsGroup: 1000", "fsGroup: 1001")(tree);
    text(secret, "refreshInterval: 30m", "refreshInterval: 1h")(tree);
  });
  expect(changes.map(({ what, kind, name, file }) => [what, kind, name, file])).toEqual([
    ["changed", "Deployment", "opencode-ha", release],
    ["changed", "ExternalSecret", "opencode-ha-secret", secret],
    ["changed", "HelmRelease", "opencode-ha", release],
  ]);
  expect(changes[1]?.lines.filter((line) => /^[+-]/.test(line))).toEqual([
    "-  refreshInterval: 30m",
    "+  refreshInterval: 1h",
  ]);
  expect(touches).toEqual([
    { what: "Deployment opencode/opencode-ha", concern: "pod" },
    { what: "ExternalSecret opencode/opencode-ha-secret", concern: "secret" },
    { what: "HelmRelease opencode/opencode-ha", concern: "delivery" },
  ]);
});

it("tells what comes and goes, what nobody stands on, and files that are carried out", {
  timeout,
}, async () => {
  const { changes, touches, idle } = await changesOf((tree) => {
    added("thing.yaml", "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: one}\n")(tree);
    tree.replaceText(
      "kubernetes/apps/kube-system/reloader/app/helmrelease.yaml",
      "interval:",
      "timeout: 3m\n  interval:",
    );
    tree.replaceText(
      "kubernetes/apps/opencode/opencode-flux/app/kustomization.yaml",
      "  - ./backendtrafficpolicy.yaml\n",
      "",
    );
    const document = "kubernetes/apps/opencode/node-lost.md";
    tree.replaceText(document, tree.text(document), `${tree.text(document)}\nMore.\n`);
  });
  expect(changes.map(({ what, kind }) => `${what} ${kind}`)).toEqual([
    "changed HelmRelease",
    "removed BackendTrafficPolicy",
    "added Thing",
  ]);
  expect(touches).toEqual([
    { what: "BackendTrafficPolicy opencode/opencode-flux", concern: "route" },
    { what: "Thing opencode/one", concern: undefined },
    { what: "kubernetes/apps/opencode/node-lost.md", concern: "runbook" },
  ]);
  expect(idle).toEqual(["HelmRelease kube-system/reloader"]);
});

it("names the scenarios with the reason; those that say nothing, and kinds of which nothing is said, count for all", () => {
  const scenarios = [
    { name: "drain", touchedBy: { volume: "it must follow its pod" } },
    { name: "new" },
    { name: "ingress", touchedBy: { route: "it must be accepted" } },
  ];
  const claim = { what: "PersistentVolumeClaim a/b", concern: "volume" as const };
  expect(touchedScenarios(scenarios, [claim])).toEqual([
    { name: "drain", why: [{ what: claim.what, because: "it must follow its pod" }] },
    { name: "new", why: [{ what: claim.what, because: "the scenario does not say what can touch it" }] },
  ]);
  const thing = { what: "Thing a/b", concern: undefined };
  expect(touchedScenarios(scenarios, [thing]).map(({ name }) => name)).toEqual(["drain", "new", "ingress"]);
  expect(touchedScenarios(scenarios, [])).toEqual([]);
});
