import { posix } from "node:path";
import { innermostMount } from "../../base/index.ts";
import type { Fault } from "../finding.ts";
import { type Inspected, type InspectedWorkspace, variablesOf } from "../inspected.ts";
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

/** Where OpenCode's database lies, if a variable says so. */
function databaseOf(workspace: InspectedWorkspace): string | undefined {
  const path = variablesOf(workspace).OPENCODE_DB;
  return path?.startsWith("/") ? posix.dirname(path) : undefined;
}

function lostData(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const { facts, at } = workspace;
    const kept = [
      ["sessions and login", facts.dataDirectory],
      ["code", facts.workingDirectory],
      ["sessions (OPENCODE_DB)", databaseOf(workspace)],
    ] as const;
    return kept.flatMap(([what, directory]) => {
      if (directory === undefined) return [];
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
