import type { Comparison } from "../changes/compare.ts";
import { nameOf } from "../changes/concerns.ts";
import type { CheckResult } from "../check-tree.ts";
import { fileFrom } from "./place.ts";

/** `3 objects changed, 1 added`; nothing of those that are none. */
export function countOf({ changes }: Pick<Comparison, "changes">): string {
  const words = ["changed", "added", "removed"] as const;
  const counts = words.map((word) => ({ word, count: changes.filter(({ what }) => what === word).length }));
  const told = counts.filter(({ count }) => count > 0);
  if (told.length === 0) return "no object changes";
  return told
    .map(
      ({ word, count }, index) => `${count}${index > 0 ? "" : count === 1 ? " object" : " objects"} ${word}`,
    )
    .join(", ");
}

/** What it is compared with, in a few words. */
export function baseOf({ base: { ref, commit, isMergeBase } }: Pick<Comparison, "base">): string {
  const id = commit.slice(0, 12);
  return isMergeBase ? `${id}, where ${ref} and HEAD part` : `${ref} (${id})`;
}

/** The head of a change: what, which object, where it is written. */
export function headOf(
  { home }: Pick<CheckResult, "home">,
  change: Comparison["changes"][number],
  directory: string,
): { what: string; object: string; file?: string } {
  // What is gone is no file on disk.
  const file = change.what === "removed" ? change.file : fileFrom(home, change, directory);
  return { what: change.what, object: nameOf(change), ...(file === undefined ? {} : { file }) };
}
