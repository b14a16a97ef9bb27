import { expect, it } from "vitest";
import { app, expectTold, type LoneMistake, text, told } from "../test-check.ts";

const patched = (guard: string) =>
  text(`${app}/kustomization.yaml`, "kustomize.toolkit.fluxcd.io/prune: disabled", guard);

const mistakes: LoneMistake[] = [
  {
    rule: "prune-guard",
    title: "a namespace without its guard",
    edit: text(
      "kubernetes/apps/opencode/namespace.yaml",
      "kustomize.toolkit.fluxcd.io/prune: disabled",
      "a: b",
    ),
    line: /metadata/,
    message: /Namespace opencode goes/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);

it("takes a guard in other letters for one, and another word for none", async () => {
  const guard = "kustomize.toolkit.fluxcd.io/prune";
  expect(await told("manifests", ["prune-guard"], [patched(`${guard}: Disabled`)])).toEqual([]);
  expect(await told("manifests", ["prune-guard"], [patched(`${guard}: never`)])).toEqual([
    expect.stringMatching(/^warning: claim opencode-ha goes/),
  ]);
});
