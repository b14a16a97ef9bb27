import { posix } from "node:path";
import { escapeRegExp, innermostMount, isAtOrBelow } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected, InspectedWorkspace } from "../../reading/inspected.ts";
import { keptDirectories, settingsDirectory } from "../../reading/kept-places.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** The volume on which a directory of OpenCode's container lies. */
function volumeOf({ app, workload }: InspectedWorkspace, directory: string) {
  const mount = innermostMount(app.volumeMounts, directory);
  const volume = workload.pod.volumes?.find(({ name }) => name === mount?.name);
  const templates = (workload.spec as { volumeClaimTemplates?: { metadata?: { name?: string } }[] })
    .volumeClaimTemplates;
  const isTemplate = templates?.some(({ metadata }) => metadata?.name === mount?.name) ?? false;
  return { isClaim: isTemplate || volume?.persistentVolumeClaim !== undefined, volume, mount };
}

function lostData(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const { facts, at } = workspace;
    return keptDirectories(workspace).flatMap(({ what, directory }) => {
      const { isClaim, volume } = volumeOf(workspace, directory);
      if (isClaim) return [];
      const kind = Object.keys(volume ?? {}).find((field) => field !== "name");
      return {
        message: `${what} of ${facts.name} (${directory}) are kept on ${kind ?? "the container's own disk"}, not on a PersistentVolumeClaim`,
        remedy: "mount the claim there: all else goes with the pod, or stays on one node",
        ...at(key("persistence"), kind ?? posix.basename(directory)),
      };
    });
  });
}

/** Wherever the image has OpenCode's home: a container without a volume of its own that stays keeps nothing. */
function nothingKept(inspected: Inspected): Fault[] {
  return inspected.workspaces
    .filter((workspace) => keptDirectories(workspace).length === 0)
    .filter((workspace) =>
      (workspace.app.volumeMounts ?? []).every(({ mountPath }) => {
        const found = volumeOf(workspace, mountPath);
        return passes(found) || found.volume?.configMap || found.volume?.secret || found.volume?.projected;
      }),
    )
    .map(({ facts, at }) => ({
      message: `OpenCode's container of ${facts.name} mounts no PersistentVolumeClaim: sessions, login and code end with each pod`,
      remedy: "mount the claim at the home of the image's user",
      ...at(key(facts.container)),
    }));
}

/** What ends with the pod: an emptyDir, a volume made for it, or the container's own disk. */
const passes = ({ isClaim, volume }: ReturnType<typeof volumeOf>): boolean =>
  !isClaim && (volume === undefined || volume.emptyDir !== undefined || volume.ephemeral !== undefined);

const mountLine = (path: string): RegExp => new RegExp(`[pP]ath: ["']?${escapeRegExp(path)}(?![\\w./-])`);

/** Whether OpenCode's settings come from elsewhere: by a variable, or a script puts them there at each start. */
function isBrought({ app, containers }: InspectedWorkspace, directory: string): boolean {
  const isNamed = app.env?.some(({ name }) => /^OPENCODE_CONFIG(_DIR|_CONTENT)?$/.test(name)) ?? false;
  const writing = /\b(cp|ln|mv|rsync|tar|install|tee|clone)\b|>/;
  const isWritten = containers.some(({ program }) =>
    program.text
      .split("\n")
      .some((line) => writing.test(line) && (/\.config\b/.test(line) || line.includes(directory))),
  );
  return isNamed || isWritten;
}

/** Sessions stay, and the agents, MCP servers and settings that they were held with do not. */
function lostSettings(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const { facts, app, at } = workspace;
    const directory = settingsDirectory(workspace);
    if (directory === undefined || facts.dataDirectory === undefined) return [];
    const { mount } = volumeOf(workspace, directory);
    const isDataKept = volumeOf(workspace, facts.dataDirectory).isClaim;
    const within = (app.volumeMounts ?? []).map(({ mountPath }) => mountPath);
    const isKept = [directory, ...within.filter((path) => isAtOrBelow(path, directory))].some(
      (path) => !passes(volumeOf(workspace, path)),
    );
    if (!isDataKept || isKept || isBrought(workspace, directory)) return [];
    return {
      message: `OpenCode's configuration of ${facts.name} (${directory}) ends with each pod: agents, MCP servers and settings go, and sessions stay`,
      remedy: `mount a directory of the claim at ${posix.dirname(directory)}, or a ConfigMap at ${directory}`,
      severity: "warning",
      ...(mount
        ? at(key("persistence"), key(mount.name), key(facts.container), mountLine(mount.mountPath))
        : at(key(facts.container), key("env"))),
    };
  });
}

/** Of these OpenCode makes new ones. */
const remade = /(^|\/)\.?(logs?|bin|caches?|te?mp)(\/|$)/;

/** Another volume over a part of what the claim keeps. */
function coveredData(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const { facts, app, at } = workspace;
    const { dataDirectory: kept } = facts;
    if (kept === undefined || !volumeOf(workspace, kept).isClaim) return [];
    return (app.volumeMounts ?? []).flatMap(({ name, mountPath }) => {
      const part = posix.relative(kept, mountPath);
      const isPart = part !== "" && isAtOrBelow(mountPath, kept);
      if (!isPart || remade.test(part) || !passes(volumeOf(workspace, mountPath))) return [];
      return {
        message: `${part} of OpenCode's data directory of ${facts.name} has a volume of the pod's own over it (${mountPath}): what OpenCode keeps there goes with each pod`,
        remedy: "take the mount away: the claim is mounted above it",
        severity: "warning" as const,
        ...at(key("persistence"), key(name), key(facts.container), mountLine(mountPath)),
      };
    });
  });
}

export const keptDataRules = [
  rule({
    id: "data-not-kept",
    title: "sessions and code lie on a claim",
    pitfalls: [6, 8],
    find: (inspected) => [...lostData(inspected), ...nothingKept(inspected)],
  }),
  rule({
    id: "settings-not-kept",
    title: "OpenCode's configuration stays, as its sessions do",
    pitfalls: [8],
    severity: "warning",
    find: lostSettings,
  }),
  rule({
    id: "data-covered",
    title: "nothing is mounted over what the claim keeps",
    pitfalls: [8],
    severity: "warning",
    find: coveredData,
  }),
];
