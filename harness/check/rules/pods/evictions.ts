import type { Fault } from "../../finding.ts";
import { type Inspected, specOf } from "../../reading/inspected.ts";
import { rule } from "../../rule.ts";

interface BudgetSpec {
  minAvailable?: number | string;
  maxUnavailable?: number | string;
  selector?: { matchLabels?: Record<string, string>; matchExpressions?: unknown[] };
}

/** Of one pod, a share of it that is to stay is all of it: Kubernetes rounds up, also what may be missing. */
function forbids({ minAvailable, maxUnavailable }: BudgetSpec): boolean {
  const staying = Number.parseFloat(String(minAvailable ?? 0));
  return staying > 0 || /^0+%?$/.test(String(maxUnavailable ?? ""));
}

function noEviction(inspected: Inspected): Fault[] {
  return inspected.of("PodDisruptionBudget").flatMap((one) => {
    const spec = specOf<BudgetSpec>(one);
    const { matchLabels = {}, matchExpressions } = spec.selector ?? {};
    const workspace = inspected.workspaces.find(
      ({ facts, workload }) =>
        facts.namespace === one.object.metadata.namespace &&
        Object.entries(matchLabels).every(([label, value]) => workload.podLabels[label] === value),
    );
    // Without a selector it is for no pod; what expressions choose is not looked at.
    if (!spec.selector || matchExpressions?.length || !forbids(spec) || !workspace) return [];
    return {
      message: `PodDisruptionBudget ${one.object.metadata.name} allows no eviction of ${workspace.facts.name}'s one pod: a drain never ends`,
      remedy: "remove it: one replica has no other pod to go on with",
      ...inspected.placeOf(one, /minAvailable|maxUnavailable/),
    };
  });
}

export const evictionRules = [
  rule({ id: "no-eviction", title: "a drain can evict each workspace", pitfalls: [6], find: noEviction }),
];
