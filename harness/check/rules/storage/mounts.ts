import type { V1Container, V1Volume } from "@kubernetes/client-node";
import { innermostMount, isAtOrBelow } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** What is mounted inside of a claim's directory gets its mount point made there by the node, as root, and it stays. */
function secretsInWork({ workspaces }: Inspected): Fault[] {
  return workspaces.flatMap(({ facts, workload, containers, at }) => {
    const ofClaims = facts.claims.flatMap(({ mounts }) => mounts);
    const work = [facts.workingDirectory, facts.dataDirectory].filter((one) => one !== undefined);
    // Without a workingDir nobody knows which of the directories is the work.
    const isElsewhere = (path: string) =>
      facts.workingDirectory !== undefined && !work.some((one) => isAtOrBelow(path, one));
    return containers.flatMap(({ container }) =>
      secretMounts(container, workload.pod.volumes).flatMap(({ volume, path }) => {
        const others = container.volumeMounts?.filter(({ mountPath }) => mountPath !== path);
        const above = innermostMount(others, path)?.mountPath;
        if (!ofClaims.some((one) => one.container === container.name && one.path === above)) return [];
        return {
          message: `a Secret is mounted at ${path} of container ${container.name} of ${facts.name}, inside of ${above} on the volume: the node leaves a file of root's there, which git and OpenCode take for work`,
          remedy: "mount it outside of what is kept on the volume, below /secrets for instance",
          ...(isElsewhere(path) ? { isBlocker: false } : {}),
          ...at(key(volume), key("path")),
        };
      }),
    );
  });
}

function secretMounts({ volumeMounts = [] }: V1Container, volumes: V1Volume[] = []) {
  return volumeMounts.flatMap(({ name, mountPath }) => {
    const volume = volumes.find((one) => one.name === name);
    const isSecret = volume?.secret !== undefined || volume?.projected?.sources?.some(({ secret }) => secret);
    return isSecret ? [{ volume: name, path: mountPath }] : [];
  });
}

export const mountRules = [
  rule({
    id: "secret-in-work",
    title: "no Secret is mounted inside of what is kept on the volume",
    pitfalls: [8],
    isBlocker: true,
    find: secretsInWork,
  }),
];
