import type { V1StatefulSet } from "@kubernetes/client-node";
import type { WorkspaceFacts } from "../workspace-facts.ts";
import { containersOf, type Workload } from "./workload.ts";

type Claim = WorkspaceFacts["claims"][number];

/** The claims that a workload's first pod uses, and who mounts them where. */
export function claimsOf(workload: Workload): Claim[] {
  const volumes = (workload.pod.volumes ?? []).flatMap(({ name, persistentVolumeClaim }) =>
    persistentVolumeClaim ? [{ volume: name, name: persistentVolumeClaim.claimName }] : [],
  );
  const templates = (workload.spec as V1StatefulSet["spec"])?.volumeClaimTemplates ?? [];
  const made = templates.flatMap(({ metadata }) =>
    metadata?.name ? [{ volume: metadata.name, name: `${metadata.name}-${workload.name}-0` }] : [],
  );
  // Two volumes of a pod may be one claim.
  return [...Map.groupBy([...volumes, ...made], ({ name }) => name)].map(([name, same]) => ({
    name,
    mounts: same.flatMap(({ volume }) => mountsOf(workload, volume)),
  }));
}

function mountsOf(workload: Workload, volume: string): Claim["mounts"] {
  return containersOf(workload).flatMap(({ name, volumeMounts = [] }) =>
    volumeMounts
      .filter((mount) => mount.name === volume)
      .map(({ mountPath, subPath = "", readOnly = false }) => ({
        container: name,
        path: mountPath,
        subPath,
        readOnly,
      })),
  );
}
