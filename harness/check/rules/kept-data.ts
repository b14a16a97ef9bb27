import { posix } from "node:path";
import { innermostMount } from "../../base/index.ts";
import type { Fault } from "../finding.ts";
import type { Inspected, InspectedWorkspace } from "../inspected.ts";
import { keptDirectories } from "../kept-places.ts";
import { key } from "../place.ts";
import { rule } from "../rule.ts";

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

export const keptDataRules = [
  rule({ id: "data-not-kept", title: "sessions and code lie on a claim", pitfalls: [6, 8], find: lostData }),
];
