import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { plainScript } from "../../reading/plain-script.ts";
import { named, scriptsIn, withoutFunctions } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

const opens = /(?<![^\s;(])(?:if|case|for|while|until|\{)(?![^\s;])|\((?!\))/g;
const closes = /(?<![^\s;])(?:fi|esac|done|\})(?![^\s;)])|(?<!\()\)/g;

/** The end of a script: nothing of it is read any more. `exec` without a program only turns outputs around. */
const ends = /^(?:exec\s+(?![\d<>&])\S+|exit\b(?:\s+\d+)?\s*;?\s*$)/;

const count = (line: string, pattern: RegExp): number => line.match(pattern)?.length ?? 0;

/** The line that ends a script whatever is the case, and the first one behind it. */
function endOf(text: string): { end: string; next: string } | undefined {
  const lines = plainScript(withoutFunctions(text))
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n");
  let depth = 0;
  for (const [index, line] of lines.entries()) {
    const next = lines.slice(index + 1).find((one) => one.trim() !== "");
    if (depth === 0 && next !== undefined && ends.test(line.trim()) && !/\|\||&&|<<|[|]\s*$/.test(line))
      return { end: line.trim(), next: next.trim() };
    const bare = line.replaceAll(/\$?\((?:[^()]|\([^()]*\))*\)|"[^"]*"|\$\{[^}]*\}/g, "_");
    depth = Math.max(0, depth + count(bare, opens) - count(bare, closes));
  }
  return undefined;
}

/** Steps of a start that stand behind its end. */
function neverReached(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const { end, next } = endOf(script.text) ?? {};
    if (end === undefined || next === undefined) return [];
    const [word = ""] = end.split(/\s/);
    return {
      message: `${named(script)} ends with ${end.length > 40 ? `${end.slice(0, 40)}…` : end}: what stands behind it (${next.slice(0, 40)}) is never done`,
      remedy:
        word === "exec"
          ? "leave exec out, or let it be the last line"
          : "let it be the last line, or ask before it",
      ...script.at(end.startsWith("exec") ? /^\s*exec\s/ : /^\s*exit\b/),
    };
  });
}

/** Whether a script comes to its end. */
export const neverReachedRules = [
  rule({ id: "never-reached", title: "each step of a start is reached", find: neverReached }),
];
