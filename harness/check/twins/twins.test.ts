import { join } from "node:path";
import { expect, it } from "vitest";
import { checkoutDir } from "../../base/index.ts";
import { renderHome } from "../../home/index.ts";
import { added, type Edit, policy, release, secret, substitute, text } from "../rules/test-check.ts";
import { twinsOf } from "./twins.ts";

const timeout = 60_000;

/** How the workspace differs from its twin after these edits. */
async function differencesOf(name: string, ...edits: Edit[]) {
  const home = await renderHome({ manifests: join(checkoutDir, "manifests") }, (tree) => {
    for (const edit of edits) edit(tree);
  });
  const twin = (await twinsOf(home)).find(({ workspace }) => workspace.name === name);
  return (twin?.differences ?? []).map(({ lines, ...one }) => ({
    ...one,
    lines: lines.filter((line) => /^[+-]/.test(line)),
  }));
}

it("finds no difference between workspaces that differ by their names, hosts, keys and repositories", {
  timeout,
}, async () => {
  for (const [tree, pairs] of [
    ["manifests", ["opencode-flux opencode-ha", "opencode-ha opencode-flux"]],
    ["fixtures/trees/deploy-keys", ["studio-house studio-infra", "studio-infra studio-house"]],
    ["fixtures/trees/one-base", ["atlas borealis", "borealis atlas"]],
    ["fixtures/trees/single", []],
  ] as const) {
    const twins = await twinsOf(await renderHome({ manifests: join(checkoutDir, tree) }));
    expect(twins.map(({ workspace, twin }) => `${workspace.name} ${twin}`)).toEqual(pairs);
    expect(twins.flatMap(({ differences }) => differences)).toEqual([]);
  }
});

it("tells what differs in the workspace's own names, and what a chart makes in place of the release", {
  timeout,
}, async () => {
  const mistakes = [
    text(release, "subPath: opencode-data", "subPath: opencode-state"),
    text(secret, "key: OPENCODE_HA_GITHUB_PAT", "key: OPENCODE_FLUX_GITHUB_PAT"),
  ];
  expect(await differencesOf("opencode-ha", ...mistakes)).toEqual([
    {
      kind: "Deployment",
      name: "opencode-ha",
      file: release,
      of: "both",
      lines: ["-              subPath: opencode-data", "+              subPath: opencode-state"],
    },
    {
      kind: "ExternalSecret",
      name: "opencode-ha-secret",
      file: secret,
      of: "both",
      lines: ["-        key: OPENCODE_HA_GITHUB_PAT", "+        key: OPENCODE_FLUX_GITHUB_PAT"],
    },
  ]);
  const [mirrored] = await differencesOf("opencode-flux", ...mistakes);
  expect(mirrored?.lines).toEqual([
    "-              subPath: opencode-state",
    "+              subPath: opencode-data",
  ]);
});

it("tells what only one of them has, and what Flux is told otherwise", { timeout }, async () => {
  const found = await differencesOf(
    "opencode-ha",
    text(
      "kubernetes/apps/opencode/opencode-ha/app/kustomization.yaml",
      "  - ./backendtrafficpolicy.yaml\n",
      "",
    ),
    text("kubernetes/apps/opencode/opencode-ha/ks.yaml", "interval: 30m", "interval: 9h"),
    added("more.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\ndata: {a: b}\n"),
  );
  expect(found.map(({ kind, of, file }) => `${kind} ${of} ${file}`)).toEqual([
    `BackendTrafficPolicy twin ${policy.replace("opencode-ha", "opencode-flux")}`,
    "ConfigMap workspace kubernetes/apps/opencode/opencode-ha/app/more.yaml",
    "Kustomization both kubernetes/apps/opencode/opencode-ha/ks.yaml",
  ]);
  expect(found[2]?.lines).toEqual(["-  interval: 30m", "+  interval: 9h"]);
});

it("shows no secret, and none for a difference where each has its own", { timeout }, async () => {
  const made = (value: string) =>
    `apiVersion: v1\nkind: Secret\nmetadata: {name: more}\nstringData: {PASSWORD: ${value}}\n`;
  const other: Edit = (tree) => {
    const app = "kubernetes/apps/opencode/opencode-flux/app";
    tree.add(`${app}/more.yaml`, made("hunter3"));
    tree.replaceText(
      `${app}/kustomization.yaml`,
      "  - ./helmrelease.yaml\n",
      "  - ./helmrelease.yaml\n  - ./more.yaml\n",
    );
  };
  const found = await differencesOf(
    "opencode-ha",
    added("more.yaml", made("hunter2")),
    other,
    substitute("API_TOKEN: hunter4"),
  );
  expect(found.map(({ lines }) => lines)).toEqual([['+      API_TOKEN: "[redacted]"']]);
});
