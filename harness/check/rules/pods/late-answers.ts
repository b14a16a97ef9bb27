import type { Fault } from "../../finding.ts";
import { eachWorkspace, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { allowedSeconds, asks, openPage, toField } from "../../reading/probes.ts";
import { rule } from "../../rule.ts";

/** Kubernetes waits one second for an answer if nothing else is said; a busy OpenCode takes several. */
function hastyLiveness({ facts, app: { livenessProbe: probe }, at }: InspectedWorkspace): Fault[] {
  const { timeoutSeconds = 1 } = probe ?? {};
  if (!asks(probe) || timeoutSeconds >= 5) return [];
  return [
    {
      message: `the liveness probe of ${facts.name} waits ${timeoutSeconds} s for an answer: OpenCode is killed while an agent keeps it busy`,
      remedy: "write timeoutSeconds: 5 at least, or leave the probe out",
      ...at(...toField("liveness", probe, "timeoutSeconds")),
    },
  ];
}

/** Of one pod each answer that comes late takes the only endpoint away, and whoever works in it sees an error of the Gateway. */
function hastyReadiness({
  facts,
  app: { readinessProbe: probe },
  workload,
  at,
}: InspectedWorkspace): Fault[] {
  const { timeoutSeconds = 1 } = probe ?? {};
  const allowed = allowedSeconds(probe ?? {});
  if (!asks(probe) || timeoutSeconds >= 3 || allowed >= 15 || (workload.spec.replicas ?? 1) > 1) return [];
  return [
    {
      message: `the readiness probe of ${facts.name} waits ${timeoutSeconds} s for an answer, and gives up after ${allowed} s: while OpenCode is busy its only pod gets no requests`,
      remedy: "write timeoutSeconds: 5, or a failureThreshold of 3 with a periodSeconds of 10",
      ...at(...toField("readiness", probe, "timeoutSeconds")),
    },
  ];
}

/** An open port is no answer. A container beside OpenCode may ask in its place: a pod is Ready when all of it is. */
function asksNothing({ facts, app, containers, at }: InspectedWorkspace): Fault[] {
  const isAsked = containers.some(({ container: { name, readinessProbe, startupProbe } }) =>
    [readinessProbe, startupProbe].some(
      (probe) => probe?.httpGet !== undefined || (name === app.name && asks(probe)),
    ),
  );
  if (isAsked) return [];
  const stays = facts.release ? ", and no upgrade that breaks it is rolled back" : "";
  return [
    {
      message: `neither the startup nor the readiness probe of ${facts.name} asks OpenCode: one that answers nothing counts as Ready${stays}`,
      remedy: `ask with httpGet for ${openPage}, which OpenCode shows to everybody`,
      ...at(key(facts.container), key("probes")),
    },
  ];
}

/** What becomes of an OpenCode that answers late, or not at all. */
export const lateAnswerRules = [
  rule({
    id: "probe-hasty",
    title: "probes wait for a busy OpenCode",
    severity: "warning",
    find: eachWorkspace((workspace) => [...hastyLiveness(workspace), ...hastyReadiness(workspace)]),
  }),
  rule({
    id: "probe-asks-nothing",
    title: "only an OpenCode that answers counts as Ready",
    severity: "warning",
    find: eachWorkspace(asksNothing),
  }),
];
