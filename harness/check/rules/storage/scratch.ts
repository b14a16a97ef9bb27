import type { Fault } from "../../finding.ts";
import { eachWorkspace, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { bytesOf } from "../../reading/quantities.ts";
import { rule } from "../../rule.ts";

interface Scratch {
  volume: string;
  path: string;
  medium: string | undefined;
  /** In bytes; undefined where there is none. */
  limit: number | undefined;
  isHome: boolean;
}

/** The emptyDirs of OpenCode's container. */
function scratchOf({ app, workload, containers }: InspectedWorkspace): Scratch[] {
  const { HOME: home } = containers.find(({ container }) => container === app)?.program.variables ?? {};
  return (app.volumeMounts ?? []).flatMap(({ name, mountPath }) => {
    const { emptyDir } = workload.pod.volumes?.find((volume) => volume.name === name) ?? {};
    if (!emptyDir) return [];
    const limit = emptyDir.sizeLimit === undefined ? undefined : bytesOf(emptyDir.sizeLimit);
    const isHome = mountPath === home || /\/\.cache(\/|$)/.test(mountPath);
    return [{ volume: name, path: mountPath, medium: emptyDir.medium, limit, isHome }];
  });
}

const Mi = 2 ** 20;
/** OpenCode keeps packages of its providers, its plugins and its language servers below ~/.cache; a limit that is passed evicts the pod. */
const least = { home: 64 * Mi, other: 8 * Mi };
const enough = { home: 256 * Mi, other: 64 * Mi };

function tooSmall(workspace: InspectedWorkspace): Fault[] {
  const { facts, at } = workspace;
  return scratchOf(workspace).flatMap(({ volume, path, limit, isHome }) => {
    const kind = isHome ? "home" : "other";
    if (limit === undefined || Number.isNaN(limit)) return [];
    if (limit >= enough[kind] || (!isHome && path !== "/tmp")) return [];
    return {
      message: `${path} of ${facts.name} may hold ${Math.floor(limit / Mi)} MiB (sizeLimit): as soon as ${isHome ? "OpenCode's caches take" : "OpenCode and its commands write"} more, the kubelet evicts the pod`,
      remedy: isHome ? "let sizeLimit be 2Gi, or leave it out" : "let sizeLimit be 1Gi, or leave it out",
      ...(limit < least[kind] ? {} : { severity: "warning" as const }),
      ...at(key("persistence"), key(volume), key("sizeLimit")),
    };
  });
}

function inMemory(workspace: InspectedWorkspace): Fault[] {
  const { facts, app, at } = workspace;
  const { memory } = app.resources?.limits ?? {};
  return scratchOf(workspace)
    .filter(({ medium, isHome }) => medium === "Memory" && isHome)
    .map(({ volume, path }) => ({
      message: `${path} of ${facts.name} is memory: OpenCode's caches count against its limit${memory ? ` of ${memory}` : ""}, until it is killed`,
      remedy: "leave medium: Memory out",
      severity: "warning" as const,
      ...at(key("persistence"), key(volume), key("medium")),
    }));
}

/** Of all that a pod writes for the moment: emptyDirs, logs, its containers' own disks. */
function limitedInAll({ facts, containers, app, at }: InspectedWorkspace): Fault[] {
  const limits = containers
    .filter(({ isInit }) => !isInit)
    .flatMap(({ container }) => container.resources?.limits?.["ephemeral-storage"] ?? []);
  const bytes = limits.reduce((sum, limit) => sum + bytesOf(limit), 0);
  if (limits.length === 0 || Number.isNaN(bytes) || bytes >= enough.home + enough.other) return [];
  return [
    {
      message: `the pod of ${facts.name} may write ${Math.floor(bytes / Mi)} MiB beside its claim (ephemeral-storage): as soon as OpenCode's caches, /tmp and logs take more, the kubelet evicts it`,
      remedy: "leave ephemeral-storage out of the limits: sizeLimit bounds each emptyDir",
      ...(bytes < least.home ? {} : { severity: "warning" as const }),
      ...at(key(app.name), key("limits"), key("ephemeral-storage")),
    },
  ];
}

/** What may be lost, and must still be large enough. */
export const scratchRules = [
  rule({
    id: "scratch-small",
    title: "what OpenCode writes for the moment has room",
    find: eachWorkspace((workspace) => [
      ...tooSmall(workspace),
      ...inMemory(workspace),
      ...limitedInAll(workspace),
    ]),
  }),
];
