import { join } from "node:path";
import { expect, it } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { checkTree } from "./check-tree.ts";

it.each([
  ["single", "a component with the claim, envFrom, find, a namespace of others"],
  ["statefulset", "a StatefulSet, another user, a sidecar, a second Service, a .netrc that goes again"],
  ["one-base", "one base for two, one init container, scripts with mode 0755 in a ConfigMap"],
  ["deploy-keys", "SSH, two workspaces in one release, timeouts on the route in place of a policy"],
])("has nothing against %s: %s", { timeout: 120_000 }, async (tree) => {
  const { findings } = await checkTree({ manifests: join(checkoutDir, "fixtures/trees", tree) });
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
});
