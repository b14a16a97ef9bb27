import { escapeRegExp } from "../../base/index.ts";
import type { Tree } from "../../gitops/index.ts";

/** Text of a line; a key of a map is `key("name")`. */
export type Needle = string | RegExp;

export interface Place {
  file?: string;
  line?: number;
}

/** The line of a map's key. */
export const key = (name: string): RegExp => new RegExp(`^\\s*(- )?["']?${escapeRegExp(name)}["']?:`);

/**
 * The line to which the needles lead, each looked for below the one before. One that is not there is passed over, so that
 * the nearest place above is given.
 */
export function placeIn(tree: Tree, file: string | undefined, needles: readonly Needle[]): Place {
  if (file === undefined || !tree.files.has(file)) return {};
  const lines = tree.text(file).split("\n");
  let found = -1;
  for (const [position, needle] of needles.entries()) {
    const index = lines.findIndex((line, at) => at > found && matches(line, needle));
    // What stands below an alias stands below its anchor.
    if (index >= 0) found = position < needles.length - 1 ? anchorOf(lines, index) : index;
  }
  return { file, line: Math.max(found, 0) + 1 };
}

function anchorOf(lines: readonly string[], index: number): number {
  const [, name] = /:\s*\*(\S+)\s*$/.exec(lines[index] ?? "") ?? [];
  if (name === undefined) return index;
  const anchor = lines.findIndex((line) => new RegExp(`(^|\\s)&${escapeRegExp(name)}(\\s|$)`).test(line));
  return anchor < 0 ? index : anchor;
}

function matches(line: string, needle: Needle): boolean {
  return typeof needle === "string" ? line.includes(needle) : needle.test(line);
}
