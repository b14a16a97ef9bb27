import { HarnessError } from "../base/index.ts";
import type { Tree } from "../gitops/index.ts";
import { type CommandBlock, commandBlocks } from "../operator/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

/** The heading that parts what is done while the node is off from what is done afterwards. */
const backHeading = /node is back/i;

/** What the operator's document tells a person to run when a node is lost. */
export interface RecoveryDocument {
  path: string;
  whileOff: CommandBlock[];
  whenBack: CommandBlock[];
}

/**
 * Reads the document that the tree has for the workspace.
 *
 * @throws HarnessError `failed` where there is none, or none that a person could follow to the end
 */
export function recoveryDocument(
  tree: Tree,
  { name, facts }: Pick<DeployedWorkspace, "name" | "facts">,
): RecoveryDocument {
  const path = facts.runbook;
  if (path === undefined || !tree.files.has(path)) {
    throw failed(`the tree has no document for ${name}: nobody who loses its node finds out what to do`);
  }
  const blocks = commandBlocks(tree.text(path));
  const back = blocks.findIndex(({ heading }) => backHeading.test(heading));
  const [whileOff, whenBack] = [blocks.slice(0, back), blocks.slice(back)];
  if (back < 0) throw failed(`${path} has no block of commands below a heading "When the node is back"`);
  if (whileOff.length === 0) throw failed(`${path} has no block of commands for as long as the node is off`);
  return { path, whileOff, whenBack };
}

function failed(message: string): HarnessError {
  return new HarnessError(message, {
    code: "failed",
    remedy: `compare it with manifests/kubernetes/apps/opencode/node-lost.md of the harness: \`\`\`sh blocks, in order, the last ones below "When the node is back" (pitfall 6)`,
  });
}
