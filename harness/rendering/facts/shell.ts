import { posix } from "node:path";

/* As much of the shell's grammar as tells what a script does with names and addresses. */

/** A script without its comments, each command on one line. */
export function shellScript(text: string): string {
  const lines = text.replaceAll("\\\n", " ").split("\n");
  return lines.map((line) => line.replace(/(?:^|\s)#.*$/, "")).join("\n");
}

/** What a script sets to plain values, or to others that are known; not what a command prints. */
export function assignmentsIn(script: string, known: Record<string, string>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = "", quoted, bare] of script.matchAll(
    /(?:^|[\s;(])([A-Za-z_]\w*)=(?:"([^"`(]*)"|'?([^\s"'`();&|<>]*)'?(?=[\s;&|)]|$))/gm,
  )) {
    found[name] = expanded(quoted ?? bare ?? "", { ...known, ...found });
  }
  return found;
}

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

/** More has no script that says something; a few lines that set variables to each other could make any amount. */
const mostPutIn = 2 ** 16;

/** The text with known variables in their place, as far as there is room; others stay as they are. */
export function expanded(text: string, variables: Record<string, string>): string {
  let room = mostPutIn;
  return text.replace(
    /\$(?:\{(\w+)(?::?[-=][^}]*)?\}|([A-Za-z_]\w*|\d))/g,
    (whole, braced?: string, bare?: string) => {
      const name = braced ?? bare ?? "";
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      if (value === undefined || value.length > room) return whole;
      room -= value.length;
      return value;
    },
  );
}
