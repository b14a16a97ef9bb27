import type { Fault } from "../finding.ts";
import { eachWorkspace, type InspectedWorkspace } from "../inspected.ts";
import { key } from "../place.ts";
import { rule } from "../rule.ts";

/** Each start goes through every file of the volume, and makes auth.json readable for the group again (manifests/README.md). */
function changedAlways({ facts, workload: { pod }, at }: InspectedWorkspace): Fault[] {
  const { fsGroup, fsGroupChangePolicy } = pod.securityContext ?? {};
  if (fsGroup === undefined || fsGroupChangePolicy !== "Always" || facts.claims.length === 0) return [];
  return [
    {
      message: `the kubelet gives every file of ${facts.name}'s volume to group ${fsGroup} at each start: that takes minutes where there are many, and lets the group read auth.json`,
      remedy: "write fsGroupChangePolicy: OnRootMismatch",
      severity: "warning",
      ...at(key("fsGroupChangePolicy")),
    },
  ];
}

function neverPulled({ facts, containers, at }: InspectedWorkspace): Fault[] {
  return containers
    .filter(({ container }) => container.imagePullPolicy === "Never")
    .map(({ container: { name } }) => ({
      message: `container ${name} of ${facts.name} is never pulled: on a node that has not its image it does not start`,
      remedy: "write IfNotPresent, or leave it out",
      ...at(key(name), /[pP]ullPolicy:/),
    }));
}

/** What starts on a node that knows neither volume nor image. */
export const anotherNodeRules = [
  rule({
    id: "group-changed",
    title: "a start leaves the files of a volume alone",
    pitfalls: [1],
    find: eachWorkspace(changedAlways),
  }),
  rule({
    id: "never-pulled",
    title: "images are pulled where they are not",
    pitfalls: [6],
    find: eachWorkspace(neverPulled),
  }),
];
