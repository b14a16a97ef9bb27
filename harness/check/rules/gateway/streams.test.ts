import { expect, it } from "vitest";
import type { Tree } from "../../../gitops/index.ts";
import { app, checked, expectTold, type LoneMistake, policy, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "stream-cut",
    title: "a policy that replaces the Gateway's and forgets the timeout",
    edit: text(policy, "      requestTimeout: 0s\n", ""),
    line: /http:/,
    message: /opencode-ha 15 s after the request.*replaces the Gateway's policy and gives no requestTimeout/,
  },
  {
    rule: "stream-idle",
    title: "a Gateway that ends idle streams",
    edit: text(
      "kubernetes/apps/network/envoy-gateway/app/policies.yaml",
      "      idleTimeout: 3600s\n",
      "      idleTimeout: 3600s\n      streamIdleTimeout: 12s\n",
    ),
    line: /streamIdleTimeout/,
    message: /idle for 12s/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);

it.each<[string, (tree: Tree) => void]>([
  [
    "no policy of one's own, where the Gateway has one",
    (tree) => {
      tree.replaceText(`${app}/kustomization.yaml`, "  - ./backendtrafficpolicy.yaml\n", "");
    },
  ],
])("has nothing against %s", { timeout: 60_000 }, async (_, edit) => {
  const { findings } = await checked(edit);
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
});
