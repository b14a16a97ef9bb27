import type { Fault } from "../finding.ts";
import type { Inspected } from "../inspected.ts";
import { rule } from "../rule.ts";

function noEviction(inspected: Inspected): Fault[] {
  return inspected.of("PodDisruptionBudget").flatMap((one) => {
    const { minAvailable, maxUnavailable, selector } = (one.object.spec ?? {}) as {
      minAvailable?: number | string;
      maxUnavailable?: number | string;
      selector?: { matchLabels?: Record<string, string> };
    };
    const isForbidding =
      ["1", "100%"].includes(String(minAvailable)) || ["0", "0%"].includes(String(maxUnavailable));
    const workspace = inspected.workspaces.find(
      ({ facts, workload }) =>
        facts.namespace === one.object.metadata.namespace &&
        Object.entries(selector?.matchLabels ?? {}).every(
          ([label, value]) => workload.podLabels[label] === value,
        ),
    );
    if (!isForbidding || !workspace) return [];
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
