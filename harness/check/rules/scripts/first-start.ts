import { posix } from "node:path";
import { escapeRegExp, isAtOrBelow } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { eachWorkspace, type Inspected, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { plainScript } from "../../reading/plain-script.ts";
import { named, type Script, scriptsIn, stopsOnError } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

const helpersOf = (workspace: InspectedWorkspace, inspected: Inspected): Script[] =>
  workspace.facts.initContainers.flatMap(
    (name) =>
      scriptsIn(inspected).find((one) => one.workspace === workspace && one.container.name === name) ?? [],
  );

/** Directories that images have: mkdir -p has nothing to do there. */
const ofImages = /^\/(bin|etc|home|lib|mnt|opt|root|run|sbin|srv|tmp|usr|var)?(\/[\w.-]+)?\/?$/;

/** Paths that a script makes or writes to; what is made of variables that are not known is left out. */
function writtenBy(text: string): string[] {
  const certain = plainScript(text)
    .replaceAll(/\\\n/g, " ")
    .split("\n")
    // Where it is asked whether it can be done, nothing ends.
    .filter((line) => !/\|\||&&|\b(if|elif|while|until)\b/.test(line))
    .map((line) => line.replaceAll(/"[^"]*\s[^"]*"/g, '""'))
    .join("\n");
  const made = [...certain.matchAll(/(?:^|[\s;&|(])(?:mkdir|touch|tee)\s+([^\n;&|]+)/g)].flatMap(
    ([, words = ""]) => words.split(/\s+/).filter((word) => !ofImages.test(word)),
  );
  const into = [...certain.matchAll(/(?<![<>\d=-])>{1,2}\s*(["']?\/[^\s"';&|)]+)/g)].map(
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
      const path = writtenBy(script.text).find(
        (one) => !mounts.some((mount) => isAtOrBelow(one, mount) || isAtOrBelow(mount, one)),
      );
      if (path === undefined || !stopsOnError(script) || /\[\s+-w\s/.test(script.text)) return [];
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
    const mounts = (script.container.volumeMounts ?? []).map(({ mountPath }) => mountPath);
    return gone.flatMap(({ 1: written = "", index: at }) => {
      const path = posix.normalize(written).replace(/\/$/, "");
      const isRoot = (mount: string) => roots.some((root) => root.path === mount);
      const isOnClaim =
        roots.some((root) => path !== root.path.replace(/\/$/, "") && isAtOrBelow(path, root.path)) &&
        // The kubelet makes what a subPath names, and where it is mounted.
        !mounts.some((mount) => !isRoot(mount) && (isAtOrBelow(path, mount) || isAtOrBelow(mount, path)));
      const [line = ""] = script.text.slice(script.text.lastIndexOf("\n", at) + 1).split("\n");
      const isAsked = /&&|\|\||\bif\b|\[/.test(line);
      if (!isOnClaim || isAsked || path.includes("$") || !stopsOnError(script)) return [];
      const name = new RegExp(`(^|[\\s/"'])${escapeRegExp(posix.basename(path))}(?![\\w.-])`);
      const before = [...helpers.slice(0, index).map(({ text }) => text), script.text.slice(0, at)];
      const lines = before.flatMap((text) => text.split("\n")).filter((line) => !/^\s*(#|cd\s)/.test(line));
      // Whatever speaks of it may make it, and so may what is made of variables.
      const isOpen = (line: string) => /\b(mkdir|install)\b/.test(line) && line.includes("$");
      const earlier = helpers.slice(0, index).flatMap(({ container }) => container.volumeMounts ?? []);
      const isSubPath = earlier.some(({ subPath = "" }) => name.test(`/${subPath}`));
      if (isSubPath || lines.some((line) => name.test(line) || isOpen(line))) return [];
      const later = helpers
        .slice(index + 1)
        .find(({ text }) => (text.match(making) ?? []).some((line) => name.test(line)));
      return {
        message: `${named(script)} goes into ${path}, which ${later ? `container ${later.container.name} makes, and that comes later` : "no init container makes"}: the first start ends there`,
        remedy: later
          ? `let ${script.container.name} depend on ${later.container.name}`
          : `mkdir -p ${path} first`,
        ...script.at(new RegExp(`\\bcd\\s+["']?${escapeRegExp(written)}`)),
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
