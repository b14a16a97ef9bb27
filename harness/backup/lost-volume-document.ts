import { HarnessError } from "../base/index.ts";
import type { Tree } from "../gitops/index.ts";
import { type CommandBlock, commandBlocks } from "../operator/index.ts";

/** Where the tree has the operator's document for a lost volume. */
export const lostVolumePath = "kubernetes/apps/opencode/volume-lost.md";

/** What the operator's document tells a person to run, for the workspace that WORKSPACE names. */
export interface LostVolumeDocument {
  path: string;
  blocks: CommandBlock[];
}

/** Reads the document of the tree. Throws where there is none, or one without commands. */
export function lostVolumeDocument(tree: Tree): LostVolumeDocument {
  const path = lostVolumePath;
  const blocks = tree.files.has(path) ? commandBlocks(tree.text(path)) : [];
  if (blocks.length > 0) return { path, blocks };
  throw new HarnessError(
    tree.files.has(path)
      ? `${path} has no block of commands`
      : `the tree has no ${path}: nobody who loses a volume finds out how to get it back`,
    {
      code: "failed",
      remedy: `compare it with manifests/${path} of the harness: \`\`\`sh blocks, in order, for the workspace in the variable WORKSPACE`,
    },
  );
}
