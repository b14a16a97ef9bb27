import { expect, it } from "vitest";
import { expectTold, ks, type LoneMistake, release, text } from "../test-check.ts";
import { checked, flux, home, toStudio } from "../test-other-home.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "dependency-unanswered",
    title: "a Kustomization that nobody has",
    edit: text(ks, "- name: rook-ceph-cluster", "- name: rook-cehp-cluster"),
    line: /rook-cehp-cluster/,
    message: /Kustomization opencode-ha depends on Kustomization flux-system\/rook-cehp-cluster/,
  },
  {
    rule: "dependency-unanswered",
    title: "a HelmRelease that waits for a Kustomization",
    edit: text(
      release,
      "  interval: 30m\n",
      "  dependsOn:\n    - name: external-secrets-stores\n  interval: 30m\n",
    ),
    line: /external-secrets-stores/,
    message: /HelmRelease opencode-ha depends on HelmRelease opencode\/external-secrets-stores/,
    remedy: /ks\.yaml.*a HelmRelease waits for HelmReleases only/,
  },
  {
    rule: "never-applied",
    title: "a list of applications without OpenCode's",
    edit: (tree) =>
      tree.add(
        "kubernetes/apps/kustomization.yaml",
        "resources: [./network, ./cert-manager, ./external-secrets, ./rook-ceph]\n",
      ),
    line: /resources/,
    message: /Kustomization opencode-ha is in the tree, and Flux does not reach it/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);

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
