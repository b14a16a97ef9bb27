import { noWorkspace } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { rule } from "../../rule.ts";

/** What else is said of such a tree is of the home, and no answer to why OpenCode is not in it. */
function nothingRuns({ home }: Inspected): Fault[] {
  if (home.workspaces.length > 0) return [];
  const { code, message, remedy = "" } = noWorkspace("the tree", home.rendered, home.tree);
  // Whatever else it may be has a finding of its own.
  return code === "usage" ? [{ message: `no workspace was found: ${message}`, remedy }] : [];
}

/** Whether there is anything to judge. */
export const workspaceRules = [
  rule({ id: "no-workspace", title: "something runs OpenCode", severity: "warning", find: nothingRuns }),
];
