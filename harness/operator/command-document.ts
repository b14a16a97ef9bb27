import { HarnessError } from "../base/index.ts";
import type { Tree } from "../gitops/index.ts";
import { type CommandBlock, commandBlocks } from "./command-blocks.ts";

/** What a tree's document tells a person to run, in order. */
export interface CommandDocument {
  path: string;
  blocks: CommandBlock[];
}

/** What a document is for, and what to compare it with. */
export interface Purpose {
  /** As a reader understands it, after "nobody": "who loses a volume finds out how to get it back". */
  who: string;
  remedy: string;
}

/**
 * Reads the document at this path of the tree.
 *
 * @throws HarnessError `failed` where there is none, or one without commands
 */
export function commandDocument(
  tree: Tree,
  path: string | undefined,
  { who, remedy }: Purpose,
): CommandDocument {
  if (path === undefined || !tree.files.has(path)) {
    throw new HarnessError(`the tree has no ${path ?? "document for it"}: nobody ${who}`, {
      code: "failed",
      remedy,
    });
  }
  const blocks = commandBlocks(tree.text(path));
  if (blocks.length > 0) return { path, blocks };
  throw new HarnessError(`${path} has no block of commands`, { code: "failed", remedy });
}
