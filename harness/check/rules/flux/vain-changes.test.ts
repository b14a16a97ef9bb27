import { it } from "vitest";
import { app, expectSilence, expectTold, type LoneMistake, release, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "patch-of-nothing",
    title: "a patch of what Helm makes",
    edit: text(
      `${app}/kustomization.yaml`,
      "patches:\n",
      "patches:\n  - target: {kind: Deployment, name: opencode-ha}\n    patch: |-\n      - {op: add, path: /spec/replicas, value: 1}\n",
    ),
    line: /kind: Deployment/,
    message: /is for Deployment opencode-ha, which is none of what it applies/,
    remedy: /postRenderers/,
  },
  {
    rule: "image-of-nothing",
    title: "another image for one that stands in the values of a release",
    edit: text(
      `${app}/kustomization.yaml`,
      "patches:\n",
      "images:\n  - name: ghcr.io/anomalyco/opencode\n    newTag: 1.19.0\npatches:\n",
    ),
    line: /ghcr\.io\/anomalyco\/opencode/,
    message:
      /images of Kustomization opencode-ha changes ghcr\.io\/anomalyco\/opencode, which no pod that it applies has/,
    remedy: /values of its HelmRelease/,
  },
  {
    rule: "patch-of-nothing",
    title: "a post-renderer's patch of what the chart does not make",
    edit: text(
      release,
      "  values:\n",
      "  postRenderers:\n    - kustomize:\n        patches:\n          - target: {kind: StatefulSet}\n            patch: |-\n              - {op: add, path: /spec/replicas, value: 1}\n  values:\n",
    ),
    line: /kind: StatefulSet/,
    message: /a patch of HelmRelease opencode-ha is for StatefulSet, which is none/,
    remedy: /name in target what is there/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);

it("has nothing against images that are changed twice", () =>
  expectSilence("manifests", [
    text(
      release,
      "  values:\n",
      "  postRenderers:\n    - kustomize:\n        images:\n          - {name: ghcr.io/anomalyco/opencode, newName: mirror.example/opencode}\n          - {name: mirror.example/opencode, newName: ghcr.io/anomalyco/opencode}\n  values:\n",
    ),
  ]));
