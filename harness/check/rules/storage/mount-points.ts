import { posix } from "node:path";
import { escapeRegExp, innermostMount, isAtOrBelow } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import {
  eachWorkspace,
  type Inspected,
  type InspectedWorkspace,
  variablesOf,
} from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { scriptsIn } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

/** Directories between a volume and a mount point in it, the outermost first. */
function between(volume: string, point: string): string[] {
  const names = posix.relative(volume, posix.dirname(point)).split("/").filter(Boolean);
  return names.map((_, index) => posix.join(volume, ...names.slice(0, index + 1)));
}

/**
 * Where a volume is mounted below another one, whatever is missing on the way is made by the container's runtime, as root's:
 * OpenCode makes directories of its own beside it, and as another user it cannot.
 */
function madeByRoot(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const { facts, app, workload, at } = workspace;
  const { HOME, XDG_STATE_HOME } = variablesOf(workspace);
  if ((facts.uid ?? 0) === 0 || !HOME) return [];
  const state = XDG_STATE_HOME ?? posix.join(HOME, ".local/state");
  const outer = innermostMount(app.volumeMounts, state);
  const volume = workload.pod.volumes?.find(({ name }) => name === outer?.name);
  if (!outer || !volume?.emptyDir || !isAtOrBelow(state, outer.mountPath)) return [];
  const points = (app.volumeMounts ?? []).filter(
    ({ mountPath }) => mountPath !== outer.mountPath && isAtOrBelow(mountPath, outer.mountPath),
  );
  const made = points
    .flatMap(({ mountPath }) => between(outer.mountPath, mountPath))
    .find((directory) => isAtOrBelow(state, directory));
  if (made === undefined || isMadeBefore(workspace, inspected, outer.name, made)) return [];
  return [
    {
      message: `${made} of ${facts.name} is made for a mount in it by the container's runtime, as root's: OpenCode cannot make ${state} there, and ends as soon as it starts`,
      remedy: `let an init container that mounts ${outer.name} make it first: mkdir -p "$HOME/${posix.relative(HOME, points[0]?.mountPath ?? made)}"`,
      ...at(key("persistence"), key(outer.name)),
    },
  ];
}

/** Whether an init container makes a directory of the volume that both have, or may: of names that only it knows. */
function isMadeBefore(
  workspace: InspectedWorkspace,
  inspected: Inspected,
  volume: string,
  directory: string,
): boolean {
  const { app, facts } = workspace;
  const own = app.volumeMounts?.find(({ name }) => name === volume)?.mountPath ?? "/";
  return scriptsIn(inspected)
    .filter((one) => one.workspace === workspace && facts.initContainers.includes(one.container.name))
    .some(({ text, container }) => {
      const theirs = container.volumeMounts?.find(({ name }) => name === volume)?.mountPath;
      if (theirs === undefined) return false;
      const path = posix.join(theirs, posix.relative(own, directory));
      return (
        new RegExp(`\\b(mkdir|install\\s+-d)\\b[^\\n]*${escapeRegExp(path)}(?![\\w-])`).test(text) ||
        /\b(mkdir|install\s+-d)\b[^\n]*\$/.test(text)
      );
    });
}

/** What becomes of the directories in which volumes are mounted. */
export const mountPointRules = [
  rule({
    id: "mount-point-of-root",
    title: "directories beside a mount are OpenCode's",
    pitfalls: [1, 8],
    find: eachWorkspace(madeByRoot),
  }),
];
