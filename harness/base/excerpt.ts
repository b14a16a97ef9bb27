import { blockBelow } from "./block.ts";
import type { Excerpt } from "./errors.ts";

/** What a reader needs around a line to know where they are. */
const linesBefore = 4;
const linesAfter = 5;
/** Of a script that stands below the line: more than that nobody reads here. */
const mostOfScript = 45;
/** What a field has below it is shown whole up to here. */
const mostOfBlock = 25;

/** Lines of `text` around one of them; where that is the head of a script, or of what has one, down to the script's end. */
export function excerptOf(text: string, file: string, line: number): Excerpt {
  const all = text.trimEnd().split("\n");
  const from = Math.max(0, line - 1 - linesBefore);
  return {
    file,
    line,
    firstLine: from + 1,
    lines: all.slice(from, Math.max(line + linesAfter, scriptEnd(all, line), blockEnd(all, line))),
  };
}

/** The last line of what stands below the key of this line; 0 where that is too long, or nothing does. */
function blockEnd(all: readonly string[], line: number): number {
  const head = all[line - 1] ?? "";
  if (!isKeyAlone(head)) return 0;
  const { length } = blockBelow(all, line);
  return length > mostOfBlock ? 0 : line + length;
}

/** The last line of the first block scalar of more than one line below the key of this line; 0 where it has none. */
function scriptEnd(all: readonly string[], line: number): number {
  const head = all[line - 1] ?? "";
  const block = blockBelow(all, line).slice(0, mostOfScript);
  const begun = block.findIndex((one) => /[|>][+-]?\s*$/.test(one));
  if (!isKeyAlone(head) || begun < 0) return 0;
  const outer = (block[begun] ?? "").search(/\S/);
  const end = block.findIndex(
    (one, index) => index > begun && one.trim() !== "" && one.search(/\S/) <= outer,
  );
  return line + (end < 0 ? block.length : end);
}

/** `key:`, or with an anchor: what it is stands below. */
const isKeyAlone = (line: string): boolean => /:(?:\s&\S+)?$/.test(line.trimEnd().replaceAll(/\s+/g, " "));
