import { structuredPatch } from "diff";

/** What differs, as unified diffs have it: lines of `@@ … @@`, ` …`, `-…`, `+…`; none where nothing does. */
export function diffLines(before: string, after: string): string[] {
  const { hunks } = structuredPatch("before", "after", before, after, "", "", { context: 3 });
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines.filter((line) => !line.startsWith("\\")),
  ]);
}
