import type { Fault } from "../../finding.ts";
import { type Inspected, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface Spec {
  scaleTargetRef?: { kind?: string; name?: string };
  maxReplicas?: number;
  maxReplicaCount?: number;
}

/** More pods than one on a volume that has one writer. */
function scaled(inspected: Inspected): Fault[] {
  return [...inspected.of("HorizontalPodAutoscaler"), ...inspected.of("ScaledObject")].flatMap((one) => {
    const {
      scaleTargetRef: { kind = "Deployment", name } = {},
      maxReplicas,
      maxReplicaCount,
    } = specOf<Spec>(one);
    const workspace = inspected.workspaces.find(
      ({ facts }) =>
        facts.namespace === one.object.metadata.namespace &&
        facts.workload.kind === kind &&
        facts.workload.name === name,
    );
    const most = maxReplicas ?? maxReplicaCount ?? 100;
    if (!workspace || most <= 1) return [];
    return {
      message: `${titleOf(one)} may give ${workspace.facts.name} ${most} pods on one volume`,
      remedy: "take it away: OpenCode's database has one writer",
      ...inspected.placeOf(one, key("scaleTargetRef")),
    };
  });
}

export const scalingRules = [
  rule({ id: "scaled", title: "nobody gives a workspace more pods", pitfalls: [6], find: scaled }),
];
