import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { named, type Script, scriptsIn } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

interface SyntaxTrouble {
  message: string;
  /** Of the script, counted from 1. */
  line: number;
}

/** The parser is read anew for each text, so that equal scripts of two workspaces are parsed once. */
const known = new Map<string, Promise<SyntaxTrouble | undefined>>();

function troubleOf(text: string): Promise<SyntaxTrouble | undefined> {
  const found = known.get(text) ?? parsed(text);
  known.set(text, found);
  found.catch(() => known.delete(text));
  return found;
}

/** As bash reads it, which also reads what sh does. */
async function parsed(text: string): Promise<SyntaxTrouble | undefined> {
  const { parse } = await import("sh-syntax");
  try {
    await parse(text);
    return undefined;
  } catch (error) {
    const { message, Pos } = error as Error & { Pos?: { Line: number } };
    if (Pos === undefined) throw error;
    return { message, line: Pos.Line };
  }
}

/** What `sh -c` is given. Scripts of ConfigMaps are known with variables put in and comments left out only: no matter for a parser. */
function bodyOf({ container: { command = [], args = [] } }: Script): string | undefined {
  const isShell = /(^|\/)(ba|da|a)?sh$/.test(command[0] ?? "");
  return isShell ? [...command, ...args].find((word) => word.includes("\n")) : undefined;
}

async function unreadable(inspected: Inspected): Promise<Fault[]> {
  const found = scriptsIn(inspected).map(async (script) => {
    const body = bodyOf(script);
    const trouble = body === undefined ? undefined : await troubleOf(body);
    if (body === undefined || !trouble) return [];
    const before = body.split("\n").slice(0, trouble.line);
    return {
      message: `no shell can read the script of ${named(script)}: ${trouble.message}`,
      remedy: "close what is open there: each if has a then and a fi, each quote another one",
      // Flux has put values where a $ stands.
      ...script.at(...before.filter((line) => line.trim() !== "" && !line.includes("$"))),
    };
  });
  return (await Promise.all(found)).flat();
}

export const scriptSyntaxRules = [
  rule({
    id: "script-unreadable",
    title: "a shell can read every script",
    isBlocker: true,
    find: unreadable,
  }),
];
