import type { V1Container, V1Volume } from "@kubernetes/client-node";
import type { Fault } from "../finding.ts";
import type { Inspected } from "../inspected.ts";
import { key } from "../place.ts";
import { rule } from "../rule.ts";

/** What is mounted inside of a claim's directory gets its mount point made there by the node, as root, and it stays. */
function secretsInWork({ workspaces }: Inspected): Fault[] {
  return workspaces.flatMap(({ facts, workload, containers, at }) => {
    const claims = new Set(
      facts.claims.flatMap(({ mounts }) => mounts.map(({ container, path }) => `${container} ${path}`)),
    );
    return containers.flatMap(({ container }) =>
      secretMounts(container, workload.pod.volumes).flatMap(({ volume, path }) => {
        const above = [...claims].find((one) => isInside(path, one, container.name));
        if (above === undefined) return [];
        return {
          message: `a Secret is mounted at ${path} of container ${container.name} of ${facts.name}, inside of ${above.split(" ")[1]} on the volume: the node leaves a file of root's there, which git and OpenCode take for work`,
          remedy: "mount it outside of what is kept on the volume, below /secrets for instance",
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

function isInside(path: string, claim: string, container: string): boolean {
  const [owner, directory = ""] = claim.split(" ");
  return owner === container && path.startsWith(`${directory.replace(/\/$/, "")}/`);
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
