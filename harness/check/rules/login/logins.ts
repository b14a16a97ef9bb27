import { posix } from "node:path";
import { escapeRegExp, isAtOrBelow } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { branchOf } from "../../reading/branches.ts";
import type { Inspected, InspectedWorkspace } from "../../reading/inspected.ts";
import { wholePath } from "../../reading/script-paths.ts";
import { named, type Script, scriptsIn } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

/** `[ "$a" = "$b" ]`, a program that tells two files apart, or one that looks for the digest in a file. */
const comparing = /\s!?==?\s|\b(?:cmp|diff)\b|sum\s+(?:-\w+\s+)*(?:-\w*c|--check)|\s-nt\s|\bgrep\s+-\w*[qx]/;
/** `case "$wanted" in "$had")` */
const byCase = /\bcase\s+[^\n]+\s+in\s+\(?["']?\$/;

function loginScripts(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const { login, name } = workspace.facts;
    const script = scriptsIn(inspected).find(
      (one) =>
        one.workspace === workspace && login?.how === "written" && one.container.name === login.container,
    );
    if (!script) return [];
    const { text, at } = script;
    const asks = /(\[{1,2}|test)\s+!?\s*-[efs]\s+["']?[^\s"']*auth\.json/.test(text);
    const [condition = ""] =
      /(\[{1,2}|\btest)\s+!?\s*-[efs]\s+["']?[^\s"']*auth\.json.*\n?.*\n?.*/.exec(text) ?? [];
    const compares = comparing.test(condition) || byCase.test(text);
    const place = at(/auth\.json/);
    const upsideDown = /!\s*-[efs]\s+["']?[^\s"']*auth\.json["']?\s*\]{1,2}\s*&&/.test(condition);
    const kept = branchOf(text, /\bif\b[^\n]*!\s*-[efs]\s+["']?[^\s"']*auth\.json/);
    const isUpsideDown =
      upsideDown && kept !== undefined && !/\b(cp|mv|install|tee)\b|>\s*\S*auth\.json/.test(kept);
    if (!asks || isUpsideDown || isForgotten(script, condition)) {
      return [
        {
          message: `${named(script)} writes auth.json of ${name} whenever the pod starts, over the tokens that OpenCode renewed`,
          remedy: "write it where none is, and when the Secret has changed",
          ...place,
        },
      ];
    }
    if (!compares) {
      return [
        {
          message: `${named(script)} never writes auth.json again: a new login in the store does not reach OpenCode`,
          remedy: "remember the digest of what was written, and write again when the Secret's is another",
          ...place,
        },
      ];
    }
    return [];
  });
}

/** A digest that is compared, and that no start writes down where the next one finds it. */
function isForgotten({ text, workspace: { facts }, container }: Script, condition: string): boolean {
  const [, path] = /\$\((?:cat|<)\s*["']?([^\s"')]+)/.exec(condition) ?? [];
  if (path === undefined || path.startsWith("/secrets") || path.includes("$")) return false;
  const isElsewhere =
    /^\/(tmp|var|run|dev|home)\//.test(path) && placesOnVolume(facts, container.name, path).length === 0;
  if (isElsewhere) return true;
  const name = escapeRegExp(posix.basename(path));
  const words = new RegExp(`[^\\s>]*${name}(?![\\w.-])`, "g");
  const written = [...text.matchAll(/(?:>|\b(?:cp|mv|install|tee)\b)[^\n;&|]*/g)].flatMap(
    ({ 0: command, index }) =>
      [...command.replaceAll(/["']/g, "").matchAll(words)].map(([target]) => wholePath(text, index, target)),
  );
  const read = wholePath(text, text.indexOf(condition), path);
  return !written.some((target) => target === undefined || read === undefined || target === read);
}

function openLogin(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const mode = /\bchmod\s+(?:-\w+\s+)?(0?[0-7]{3}|[ugoa]*[+=][rwx]+)\s[^\n]*auth\.json/.exec(
      script.text,
    )?.[1];
    if (mode === undefined || /^0?[0-7]00$/.test(mode) || /^u[+=]/.test(mode)) return [];
    return {
      message: `${named(script)} gives auth.json mode ${mode}: others than OpenCode can read it`,
      remedy: "write chmod 600",
      ...script.at(/chmod[^\n]*auth\.json/),
    };
  });
}

/** OpenCode writes renewed tokens into the file that is there. */
function loginNotWritable(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const mode = /\bchmod\s+(?:-\w+\s+)?0?([0-7])[0-7]{2}\s[^\n]*auth\.json/.exec(script.text)?.[1];
    if (mode === undefined || (Number(mode) & 2) !== 0) return [];
    return {
      message: `${named(script)} makes auth.json read-only: OpenCode cannot renew its tokens`,
      remedy: "write chmod 600",
      ...script.at(/chmod[^\n]*auth\.json/),
    };
  });
}

/** Where a script puts auth.json, and where OpenCode looks for it: both seen from the volume. */
function loginElsewhere(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const { facts } = script.workspace;
    if (facts.login?.how !== "written" || facts.login.container !== script.container.name) return [];
    const wanted = placesOnVolume(facts, facts.container, facts.dataDirectory);
    const targets = loginTargets(script.text);
    const found = targets.flatMap((target) => placesOnVolume(facts, script.container.name, target));
    if (wanted.length === 0 || targets.length === 0 || found.some((one) => wanted.includes(one))) return [];
    return {
      message: `${named(script)} puts auth.json into ${targets.join(", ")}, and OpenCode of ${facts.name} reads that of ${facts.dataDirectory}`,
      remedy: `let both be one directory of the volume: ${wanted.join(", ")}`,
      ...script.at(/^\s*cd\s|\b(mv|cp|install|tee)\b.*auth\.json|>.*auth\.json/),
    };
  });
}

/** The directories in which a script leaves auth.json; none where it cannot be told. */
function loginTargets(text: string): string[] {
  const ends = [
    ...text.matchAll(/\b(?:mv|cp|install|tee)\b[^\n]*?\s["']?([^\s"']*auth\.json)["']?\s*(?:$|[;&|)])/gm),
    ...text.matchAll(/>\s*["']?([^\s"']*auth\.json)["']?\s*(?:$|[;&|)])/gm),
  ];
  const whole = ends.flatMap(({ 1: path = "", index }) => wholePath(text, index, path) ?? []);
  return [...new Set(whole.map((path) => posix.dirname(path)))];
}

/** A directory of a container as its claims have it: `claim:path`. */
function placesOnVolume(
  { claims }: InspectedWorkspace["facts"],
  container: string,
  directory: string | undefined,
): string[] {
  if (directory === undefined) return [];
  return claims.flatMap(({ name, mounts }) =>
    mounts
      .filter((mount) => mount.container === container && isAtOrBelow(directory, mount.path))
      .map((mount) => `${name}:${posix.join("/", mount.subPath, posix.relative(mount.path, directory))}`),
  );
}

/** How auth.json is put in place. */
export const loginRules = [
  rule({
    id: "login-overwritten",
    title: "auth.json is OpenCode's until the Secret changes",
    pitfalls: [10, 11],
    find: loginScripts,
  }),
  rule({ id: "login-readable", title: "auth.json is its owner's alone", pitfalls: [1], find: openLogin }),
  rule({
    id: "login-read-only",
    title: "OpenCode can write auth.json",
    pitfalls: [11],
    find: loginNotWritable,
  }),
  rule({
    id: "login-elsewhere",
    title: "auth.json is put where OpenCode reads it",
    pitfalls: [8],
    find: loginElsewhere,
  }),
];
