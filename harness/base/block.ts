/**
 * The lines of YAML that belong to what begins in `line`, counted from 1, without that line: to its key, or to the whole item
 * of a list where its dash is meant.
 */
export function blockBelow(lines: readonly string[], line: number, of: "key" | "item" = "key"): string[] {
  const head = lines[line - 1] ?? "";
  const depth = of === "item" ? dashOf(head) : keyOf(head);
  const below = lines.slice(line);
  // A list may stand as deep as its key: its items' own keys stand deeper.
  const depthOf = of === "item" ? dashOf : keyOf;
  const end = below.findIndex((one) => one.trim() !== "" && depthOf(one) <= depth);
  return end < 0 ? below : below.slice(0, end);
}

/** Where a key begins; that of a list's item stands deeper than its dash, wherever that is. */
const keyOf = (line: string): number => /^(\s|-(?=\s|$))*/.exec(line)?.[0].length ?? 0;
const dashOf = (line: string): number => line.search(/\S/);
