import { cell, code } from "../../base/index.ts";
import type { Comparison, Difference } from "./comparison.ts";
import { changeWords, comparisonSentence, groupNames, noiseWords, objectWords, valueWords } from "./words.ts";

/** A comment on GitHub holds 65,536 characters, a variable by which it is handed on twice as many bytes; both hold more beside. */
const limitBytes = 60_000;

/** For a pull request, and for a terminal: what differs comes first, the rest is folded, and left out where it is too much. */
export function renderComparison(comparison: Comparison): string {
  const blocks = blocksOf(comparison);
  while (Buffer.byteLength(blocks.join("")) > limitBytes)
    blocks[blocks.findLastIndex(isLong)] = "More is on the page.";
  return `${blocks.join("\n\n")}\n`;
}

const isLong = (block: string) => block.length > 1_000;

function blocksOf(comparison: Comparison): string[] {
  const { base, head, statuses, differences, records } = comparison;
  const beyond = differences.filter(({ isBeyondNoise }) => isBeyondNoise);
  const within = differences.filter(({ isBeyondNoise }) => !isBeyondNoise);
  return [
    `## What the change does: ${cell(base.name)} → ${cell(head.name)}`,
    comparisonSentence(comparison, code),
    ...(statuses.length > 0 ? [statusTable(statuses)] : []),
    ...(beyond.length > 0 ? [differenceTable(beyond)] : []),
    ...recordLines(records),
    ...objectLines(comparison.objects),
    ...(within.length > 0
      ? [
          `<details><summary>Within noise: ${within.length} figure${within.length === 1 ? "" : "s"}</summary>\n\n${differenceTable(within)}\n\n</details>`,
        ]
      : []),
    noiseWords(comparison),
  ];
}

function statusTable(statuses: Comparison["statuses"]): string {
  return table(
    ["verdict", "base", "head"],
    statuses.map(({ what, base, head }) => [cell(what), base, head]),
  );
}

function differenceTable(differences: readonly Difference[]): string {
  return table(
    ["", "base", "head", "change", "noise"],
    Object.entries(groupNames).flatMap(([group, title]) => {
      const own = differences.filter((one) => one.group === group);
      if (own.length === 0) return [];
      return [[`**${title}**`, "", "", "", ""], ...own.map(row)];
    }),
  );
}

function row(difference: Difference): string[] {
  const { what, kind, base, head, noise } = difference;
  const isOnBoth = base !== undefined && head !== undefined;
  const change = isOnBoth || kind === "count" ? changeWords(difference) : "";
  return [cell(what), valueWords(kind, base), valueWords(kind, head), change, `± ${valueWords(kind, noise)}`];
}

function recordLines({ added, removed }: Comparison["records"]): string[] {
  const lines = [
    ...added.map((one) => `- added ${cell(one)}`),
    ...removed.map((one) => `- gone ${cell(one)}`),
  ];
  return lines.length === 0 ? [] : [`**Records in DNS**\n\n${lines.join("\n")}`];
}

function objectLines(objects: Comparison["objects"]): string[] {
  if (objects.length === 0) return [];
  const lines = objects.map((object) => `- ${object.what} ${cell(objectWords(object))}`);
  return [
    `<details><summary>Objects that are applied otherwise: ${objects.length}</summary>\n\n${lines.join("\n")}\n\n</details>`,
  ];
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
