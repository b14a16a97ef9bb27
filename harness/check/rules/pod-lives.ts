import type { Fault } from "../finding.ts";
import { eachWorkspace, type Inspected, type InspectedWorkspace } from "../inspected.ts";
import { key } from "../place.ts";
import { rule } from "../rule.ts";

/** Pods of a lost node go by these two taints; who tolerates them without an end stays there. */
function neverLeaves({ facts, workload: { pod }, at }: InspectedWorkspace): Fault[] {
  const stays = pod.tolerations?.some(
    ({ key: taint, operator, effect, tolerationSeconds }) =>
      tolerationSeconds === undefined &&
      (effect === undefined || effect === "NoExecute") &&
      (taint === undefined
        ? operator === "Exists"
        : /^node\.kubernetes\.io\/(unreachable|not-ready)$/.test(taint)),
  );
  if (!stays) return [];
  return [
    {
      message: `${facts.name} tolerates that its node is lost, without an end: nothing moves it to another one`,
      remedy: "take the toleration away, or give it tolerationSeconds",
      ...at(key("tolerations")),
    },
  ];
}

function noPods({ facts, workload, at }: InspectedWorkspace): Fault[] {
  if (workload.spec.replicas !== 0) return [];
  return [
    {
      message: `${facts.name} has replicas: 0, so that nothing of it runs`,
      remedy: "let replicas be 1",
      ...at(key("replicas")),
    },
  ];
}

function noGrace({ workspaces }: Inspected): Fault[] {
  return workspaces
    .filter(({ workload }) => workload.pod.terminationGracePeriodSeconds === 0)
    .map(({ facts, at }) => ({
      message: `${facts.name} has no grace period: its pod is gone before its volume is let go`,
      remedy: "leave terminationGracePeriodSeconds at 30",
      ...at("terminationGracePeriodSeconds"),
    }));
}

/** Whether pods come, and go in time. */
export const podLifeRules = [
  rule({
    id: "stays-on-lost-node",
    title: "pods leave a lost node",
    pitfalls: [6],
    find: eachWorkspace(neverLeaves),
  }),
  rule({
    id: "no-grace-period",
    title: "a pod has time to let go of its volume",
    pitfalls: [6],
    find: noGrace,
  }),
  rule({ id: "no-pods", title: "each workspace runs", isBlocker: true, find: eachWorkspace(noPods) }),
];
