import { posix } from "node:path";
import { escapeRegExp } from "../../base/index.ts";

/* As much of the shell's grammar as tells what a script does with names and addresses. */

/** A script without its comments, each command on one line, a path with its quotes around all of it. */
export function shellScript(text: string): string {
  const lines = text.replaceAll("\\\n", " ").split("\n");
  return lines.map((line) => quotedWhole(line.replace(/(?:^|\s)#.*$/, ""))).join("\n");
}

/** `"$repo"/.git` as `"$repo/.git"`, which is the same to a shell. */
const quotedWhole = (line: string): string =>
  line.replaceAll(/\\.|'[^']*'|"((?:\\.|[^"\\])*)"([./][\w./*-]*)?/g, (token, quoted = "", rest = "") =>
    /^[\w./${}-]+$/.test(quoted) && rest ? `"${quoted}${rest}"` : token,
  );

/** What a script sets to plain values, or to others that are known; not what a command prints. */
export function assignmentsIn(script: string, known: Record<string, string>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = "", quoted, bare] of script.matchAll(
    /(?:^|[\s;(])([A-Za-z_]\w*)=(?:"([^"`(]*)"|'?([^\s"'`();&|<>]*)'?(?=[\s;&|)]|$))/gm,
  )) {
    found[name] = expanded(quoted ?? bare ?? "", { ...known, ...found });
  }
  return Object.fromEntries(
    Object.entries(found).filter(([name, value]) => value || !isPrinted(script, name)),
  );
}

/** Whether a command gives a variable its value somewhere; what is empty until then is not known. */
const isPrinted = (script: string, name: string): boolean =>
  new RegExp(`(?:^|[\\s;(])${name}="?(?:\\$\\(|\x60)`, "m").test(script);

/** `$(basename x .git)` as its result, where x is known. */
export function withBasenames(script: string, variables: Record<string, string>): string {
  return script.replaceAll(
    /\$\(basename (?:-- )?["']?([^\s"')]+)["']?(?: ["']?([^\s"')]+)["']?)?\)/g,
    (whole, written: string, suffix?: string) => {
      const path = expanded(written, variables);
      return path.includes("$") ? whole : posix.basename(path, suffix);
    },
  );
}

/** What `${x%.git}` and `${x#https://}` leave of a value; the pattern has at most one `*`. */
function trimmed(value: string, operator: string, pattern: string): string {
  const isMatch = new RegExp(`^${pattern.split("*").map(escapeRegExp).join(".*")}$`, "s");
  const isEnd = operator.startsWith("%");
  const lengths = Array.from({ length: value.length + 1 }, (_, index) => index);
  const cut = (operator.length > 1 ? lengths.reverse() : lengths).find((length) =>
    isMatch.test(isEnd ? value.slice(value.length - length) : value.slice(0, length)),
  );
  if (cut === undefined) return value;
  return isEnd ? value.slice(0, value.length - cut) : value.slice(cut);
}

/** More has no script that says something; a few lines that set variables to each other could make any amount. */
const mostPutIn = 2 ** 16;

/** Longer is no path or address. */
const longestTrimmed = 500;

/** The text with known variables in their place, as far as there is room; others stay as they are. */
export function expanded(text: string, variables: Record<string, string>): string {
  let room = mostPutIn;
  return text.replace(
    /\$(?:\{(\w+)(?::?[-=][^}]*|(%%?|##?)([^}$?[\\*]*\*?[^}$?[\\*]*))?\}|([A-Za-z_]\w*|\d))/g,
    (whole, braced?: string, operator?: string, pattern?: string, bare?: string) => {
      const name = braced ?? bare ?? "";
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      if (value === undefined || value.length > room) return whole;
      // Of what is not known yet nothing can be taken away.
      if (operator && (value.includes("$") || value.length > longestTrimmed)) return whole;
      room -= value.length;
      return operator ? trimmed(value, operator, pattern?.replaceAll(/["']/g, "") ?? "") : value;
    },
  );
}
