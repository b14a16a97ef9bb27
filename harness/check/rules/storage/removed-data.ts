import { matchesGlob } from "node:path/posix";
import type { V1PodSpec } from "@kubernetes/client-node";
import type { Fault } from "../../finding.ts";
import { type Inspected, type InspectedWorkspace, specOf, titleOf } from "../../reading/inspected.ts";
import { keptDirectories, placeOnVolume } from "../../reading/kept-places.ts";
import { type Removed, removedPlaces } from "../../reading/removed-places.ts";
import { isConditional, named, scriptsIn } from "../../reading/scripts.ts";

/** What OpenCode makes anew, and what somebody has set aside. */
const passing = /^(?:logs?|bin|_?caches?|te?mp|tool-output|.*\.(?:new|tmp|partial|bak|old))$/i;

const namesOf = (path: string): string[] => path.split("/").filter((name) => name !== "");

/** Whether something removed is, holds or is a part of OpenCode's data. */
function isOfData(workspace: InspectedWorkspace, { onVolume }: Removed): boolean {
  return keptDirectories(workspace)
    .filter(({ what }) => what.startsWith("sessions"))
    .some(({ directory }) => {
      const place = placeOnVolume(workspace, directory);
      if (!place) return false;
      const [data, removed] = [namesOf(place.path), namesOf(onVolume)];
      const isOnTheWay = removed.every((name, at) => at >= data.length || matchesGlob(data[at] ?? "", name));
      const inside = removed[data.length];
      return isOnTheWay && (inside === undefined || !passing.test(inside));
    });
}

const told = (who: string, path: string) => ({
  message: `${who} removes ${path}, where OpenCode has sessions, snapshots and login: what was there is gone each time`,
  remedy: "take it away: OpenCode keeps order there itself",
});

function byHelpers(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const { workspace, container, text } = script;
    const mounts = workspace.facts.claims.flatMap((claim) => claim.mounts);
    const found = removedPlaces(text, container, (path) =>
      mounts.some((mount) => mount.container === container.name && mount.path === path),
    ).find((one) => isOfData(workspace, one));
    if (!found) return [];
    return {
      ...told(named(script), found.path),
      ...(isConditional(text, found.index) ? { severity: "warning" as const } : {}),
      ...script.at(/^\s*(?!\s|#).*\b(?:rm\s+-|find\s)(?!.*\.(?:new|partial)\b)/),
    };
  });
}

interface JobSpec {
  template?: { spec?: V1PodSpec };
  jobTemplate?: { spec?: { template?: { spec?: V1PodSpec } } };
}

/** A job that mounts a workspace's claim beside it. */
function byJobs(inspected: Inspected): Fault[] {
  return ["CronJob", "Job"].flatMap(inspected.of).flatMap((job) => {
    const { template, jobTemplate } = specOf<JobSpec>(job);
    const pod = (jobTemplate?.spec?.template ?? template)?.spec;
    return inspected.workspaces.flatMap((workspace) => {
      const { facts } = workspace;
      const volumes = (pod?.volumes ?? []).filter(({ persistentVolumeClaim: claim }) =>
        facts.claims.some(({ name }) => name === claim?.claimName),
      );
      if (job.object.metadata.namespace !== facts.namespace || volumes.length === 0) return [];
      return [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])].flatMap((container) => {
        const text = [...(container.command ?? []), ...(container.args ?? [])].join("\n");
        const mounts = (container.volumeMounts ?? []).filter(({ name }) =>
          volumes.some((volume) => volume.name === name),
        );
        const found = removedPlaces(text, container, (path) =>
          mounts.some(({ mountPath }) => mountPath === path),
        ).find((one) => isOfData(workspace, one));
        return found
          ? [{ ...told(titleOf(job), found.path), ...inspected.placeOf(job, /\b(?:rm|find)\s/) }]
          : [];
      });
    });
  });
}

/** What a start, or a job beside it, removes of what is kept. */
export const removedData = (inspected: Inspected): Fault[] => [...byHelpers(inspected), ...byJobs(inspected)];
