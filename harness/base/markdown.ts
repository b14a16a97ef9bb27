import { stripVTControlCharacters } from "node:util";
import { printable } from "./printable.ts";

/*
 * Words that are not ours in Markdown that GitHub renders. In code nothing has a meaning: no mention rings anybody, no
 * address becomes a link, no tag is one.
 */

/** Nothing of it turns the direction of what stands around it. */
const plain = (text: string): string => printable(stripVTControlCharacters(text));

/** One line of code; what is longer than `limit` characters is cut. */
export function code(text: string, limit = 200): string {
  const line = plain(text).replaceAll(/\s+/g, " ").trim();
  const cut = line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
  if (cut === "") return "";
  const longest = Math.max(0, ...[...cut.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${cut}${fence}` : `${fence} ${cut} ${fence}`;
}

/** The same in a table, where a bar would end the cell: GitHub counts the backslashes before it, also those of the text. */
export const cell = (text: string, limit?: number): string =>
  code(text, limit).replaceAll(
    /(\\*)\|/g,
    (_, before: string) => `${before}${before.length % 2 ? "\\\\" : "\\"}|`,
  );

/** Text that no Markdown can break out of: indented, so that fences in it mean nothing. */
export function block(text: string): string {
  return plain(text).replaceAll(/^/gm, "    ");
}

/** Text in a fence that is longer than any in it, coloured as this language is. */
export function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${plain(text)}\n${fence}`;
}
