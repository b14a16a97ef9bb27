import { type LeakIndex, pieceLength } from "./leak-index.ts";

/** A line that is longer says little more. */
const mostBytes = 300;

/**
 * A line in which a secret was seen, as anybody may read it: each stretch of any secret gives way to that one's name.
 * Undefined where none stands in the line by itself.
 */
export function shownLine(line: Uint8Array, index: LeakIndex): string | undefined {
  const hidden: (string | undefined)[] = new Array(line.length);
  index.find(line, ({ secret }, at) => {
    for (let byte = at; byte < at + pieceLength; byte++) hidden[byte] ??= secret.name;
  });
  if (hidden.every((name) => name === undefined)) return undefined;
  const parts: string[] = [];
  for (let at = 0; at < line.length && at < mostBytes; ) {
    const name = hidden[at];
    let end = at + 1;
    while (end < line.length && hidden[end] === name) end += 1;
    const plain = Buffer.from(line.subarray(at, Math.min(end, mostBytes))).toString();
    parts.push(name === undefined ? plain : `‹${name}›`);
    at = end;
  }
  return `${parts.join("")}${line.length > mostBytes ? "…" : ""}`.trim();
}

/** A line of a text, from 1. */
export function lineIn(text: Uint8Array, line: number): Uint8Array {
  let begin = 0;
  for (let before = 1; before < line; before++) {
    const at = text.indexOf(0x0a, begin);
    if (at < 0) return new Uint8Array();
    begin = at + 1;
  }
  const end = text.indexOf(0x0a, begin);
  return text.subarray(begin, end < 0 ? text.length : end);
}
