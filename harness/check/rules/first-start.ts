import { posix } from "node:path";
import { escapeRegExp } from "../../base/index.ts";
import type { Fault } from "../finding.ts";
import { eachWorkspace, type Inspected, type InspectedWorkspace } from "../inspected.ts";
import { key } from "../place.ts";
import { rule } from "../rule.ts";
import { named, type Script, scriptsIn, stopsOnError } from "../scripts.ts";

const isBelow = (path: string, directory: string) =>
  path === directory || path.startsWith(`${directory.replace(/\/$/, "")}/`);

const helpersOf = (workspace: InspectedWorkspace, inspected: Inspected): Script[] =>
  workspace.facts.initContainers.flatMap(
    (name) =>
      scriptsIn(inspected).find((one) => one.workspace === workspace && one.container.name === name) ?? [],
  );

/** Paths that a script makes or writes to; what is made of variables that are not known is left out. */
function writtenBy(text: string): string[] {
  const certain = text
    .split("\n")
    .filter((line) => !/\|\|/.test(line))
    .join("\n");
  const made = [...certain.matchAll(/(?:^|[\s;&|(])(?:mkdir|touch|tee)\s+([^\n;&|]+)/g)].flatMap(
    ([, words = ""]) => words.split(/\s+/),
  );
  const into = [...certain.matchAll(/(?<![<>\d])>{1,2}\s*(["']?\/[^\s"';&|)]+)/g)].map(
    ([, path = ""]) => path,
  );
  return [...made, ...into]
    .map((word) => word.replaceAll(/["']/g, ""))
    .filter((path) => path.startsWith("/") && !/[$*{]/.test(path) && !/^\/(dev|proc)\//.test(path));
}

/** On a root file system that is read-only nothing is made beside the mounts. */
function nowhereToWrite(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  return helpersOf(workspace, inspected)
    .filter(({ container }) => container.securityContext?.readOnlyRootFilesystem === true)
    .flatMap((script) => {
      const mounts = (script.container.volumeMounts ?? []).map(({ mountPath }) => mountPath);
      const path = writtenBy(script.text).find((one) => !mounts.some((mount) => isBelow(one, mount)));
      if (path === undefined || !stopsOnError(script)) return [];
      return {
        message: `${named(script)} writes to ${path}, where nothing is mounted: its root file system is read-only, and the start ends there`,
        remedy: `mount the claim or an emptyDir into it above ${path} (advancedMounts)`,
        ...workspace.at(key(script.container.name)),
      };
    });
}

const making = /\b(mkdir|install\s+-d|clone|cp\s+-\w*r|mv)\b[^\n]*/g;

/** A directory that a script goes into, and that is made by a container which comes later, or by none. */
function goesTooEarly(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const helpers = helpersOf(workspace, inspected);
  return helpers.flatMap((script, index) => {
    const roots = workspace.facts.claims.flatMap(({ mounts }) =>
      mounts.filter(({ container, subPath }) => container === script.container.name && subPath === ""),
    );
    const gone = [...script.text.matchAll(/(?:^|[\s;&|(])cd\s+["']?(\/[^\s"';&|)]+)/g)];
    return gone.flatMap(({ 1: path = "", index: at }) => {
      const isOnClaim = roots.some((root) => path !== root.path && isBelow(path, root.path));
      const [line = ""] = script.text.slice(script.text.lastIndexOf("\n", at) + 1).split("\n");
      const isAsked = /&&|\|\||\bif\b|\[/.test(line);
      if (!isOnClaim || isAsked || path.includes("$") || !stopsOnError(script)) return [];
      const name = new RegExp(`(^|[\\s/"'])${escapeRegExp(posix.basename(path))}(?![\\w.-])`);
      const before = [...helpers.slice(0, index).map(({ text }) => text), script.text.slice(0, at)];
      const lines = before.flatMap((text) => text.match(making) ?? []);
      // What is made of variables may be it.
      const isOpen = (line: string) => /^(mkdir|install)\b/.test(line) && line.includes("$");
      if (lines.some((line) => name.test(line) || isOpen(line))) return [];
      const later = helpers
        .slice(index + 1)
        .find(({ text }) => (text.match(making) ?? []).some((line) => name.test(line)));
      return {
        message: `${named(script)} goes into ${path}, which ${later ? `container ${later.container.name} makes, and that comes later` : "no init container makes"}: the first start ends there`,
        remedy: later
          ? `let ${script.container.name} depend on ${later.container.name}`
          : `mkdir -p ${path} first`,
        ...script.at(`cd ${path}`),
      };
    });
  });
}

/** What a start on an empty volume needs. */
export const firstStartRules = [
  rule({
    id: "nowhere-to-write",
    title: "init containers write to what is mounted",
    pitfalls: [8],
    find: eachWorkspace(nowhereToWrite),
  }),
  rule({
    id: "too-early",
    title: "directories are made before they are gone into",
    pitfalls: [8],
    find: eachWorkspace(goesTooEarly),
  }),
];
