import type { Fault } from "../../finding.ts";
import type { InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";
import { eachLiving, type Living } from "./living-volumes.ts";

/** As whom a container runs, as far as the tree says. */
const userOf = ({ workload: { pod }, containers }: InspectedWorkspace, name: string): number | undefined =>
  containers.find(({ container }) => container.name === name)?.container.securityContext?.runAsUser ??
  pod.securityContext?.runAsUser;

/** Files of one's own (auth.json, 0600) no other user opens, and no other may change their mode. */
function otherUser({ was, is }: Living): Fault[] {
  const writers = [...new Set(is.facts.claims.flatMap(({ mounts }) => mounts.map((one) => one.container)))];
  const changed = writers.flatMap((name) => {
    const [old, now] = [userOf(was, name), userOf(is, name)];
    return old === undefined || now === undefined || old === now || now === 0 ? [] : [{ name, old, now }];
  });
  const [first] = changed;
  if (!first) return [];
  return [
    {
      message: `${changed.map(({ name }) => name).join(", ")} of ${is.facts.name} is to run as user ${first.now}, and what is on the volume belongs to ${first.old}: auth.json is its owner's alone, and its mode only its owner's to change`,
      remedy: `leave runAsUser: ${first.old}, or let root give the files to ${first.now} before the merge (chown)`,
      severity: "error",
      ...is.at(key("runAsUser")),
    },
  ];
}

/** Whose the files of a volume are that is there; asked with a base alone. */
export const livingUserRules = [
  rule({
    id: "living-files-of-another",
    title: "who has written files can read them after the merge",
    pitfalls: [1],
    find: eachLiving(otherUser),
  }),
];
