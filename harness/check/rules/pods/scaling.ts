import type { Fault } from "../../finding.ts";
import { type Inspected, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface Spec {
  scaleTargetRef?: { kind?: string; name?: string };
  maxReplicas?: number;
  maxReplicaCount?: number;
  minReplicaCount?: number;
  idleReplicaCount?: number;
}

interface VerticalSpec {
  targetRef?: { kind?: string; name?: string };
  updatePolicy?: { updateMode?: string; minReplicas?: number };
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

/** None at all, whenever nothing is measured: KEDA takes 0 if nothing else is said. */
function scaledToNone(inspected: Inspected): Fault[] {
  return inspected.of("ScaledObject").flatMap((one) => {
    const { scaleTargetRef: { name } = {}, minReplicaCount = 0, idleReplicaCount } = specOf<Spec>(one);
    const workspace = inspected.workspaces.find(
      ({ facts }) => facts.namespace === one.object.metadata.namespace && facts.workload.name === name,
    );
    if (!workspace || (idleReplicaCount ?? minReplicaCount) > 0) return [];
    return {
      message: `${titleOf(one)} takes the pod of ${workspace.facts.name} away whenever its triggers say so: terminals and answers under way end`,
      remedy: "take it away, or write minReplicaCount: 1",
      severity: "warning" as const,
      ...inspected.placeOf(one, /\bscaleTargetRef:/),
    };
  });
}

/** A pod with other resources is another pod: terminals and what runs in them end with the old one. */
function resized(inspected: Inspected): Fault[] {
  return inspected.of("VerticalPodAutoscaler").flatMap((one) => {
    const { targetRef: { kind, name } = {}, updatePolicy } = specOf<VerticalSpec>(one);
    const mode = updatePolicy?.updateMode ?? "Auto";
    const workspace = inspected.workspaces.find(
      ({ facts }) =>
        facts.namespace === one.object.metadata.namespace &&
        facts.workload.kind === kind &&
        facts.workload.name === name,
    );
    // With fewer pods than that nothing is evicted.
    const isKept = (updatePolicy?.minReplicas ?? 1) > 1;
    if (!workspace || isKept || !/^(?:Auto|Recreate)$/.test(mode)) return [];
    return {
      message: `${titleOf(one)} evicts ${workspace.facts.name} to give it other resources (${mode}): terminals and answers under way end`,
      remedy: "write updatePolicy.updateMode: Initial, or Off",
      severity: "warning" as const,
      ...inspected.placeOf(one, /\bupdatePolicy:/),
    };
  });
}

export const scalingRules = [
  rule({
    id: "scaled",
    title: "nobody gives a workspace more pods",
    pitfalls: [6],
    find: (inspected) => [...scaled(inspected), ...scaledToNone(inspected), ...resized(inspected)],
  }),
];
