import type { Fault } from "../../finding.ts";
import { everyRoute } from "../../reading/gateways.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** The domain that somebody has registered, or calls the house's own. */
const domainOf = (host: string): string => host.split(".").slice(-2).join(".");

/** As DNS has it: a wildcard stands for every name below it. */
const answers = (name: string, host: string): boolean =>
  name === host || (name.startsWith("*.") && host.endsWith(name.slice(1)));

/**
 * A host that the owner's DNS does not know, where the owner has said which names that has. A domain of which it has no
 * name at all may be one that was made up for what stands behind SOPS: of that nothing is known.
 */
function unknownHosts(inspected: Inspected): Fault[] {
  const { outside, blind } = inspected.home;
  if (blind.length > 0) return [];
  const zone = outside.zone.map((name) => name.toLowerCase().replace(/\.$/, ""));
  const domains = new Set(zone.map(domainOf));
  const asked = everyRoute(inspected).flatMap(({ route }) => route.hostnames);
  const free = zone.filter((name) => !asked.some((host) => answers(name, host)));
  return everyRoute(inspected).flatMap(({ workspace: { facts }, route }) =>
    route.hostnames
      // Of a wildcard another rule tells.
      .filter((host) => !host.startsWith("*.") && domains.has(domainOf(host)))
      .filter((host) => !zone.some((name) => answers(name, host)))
      .map((host) => ({
        message: `${facts.name} is to be found at ${host}, which is not among the names of the owner's DNS`,
        remedy: `${free.length > 0 ? `name one that is there and leads to no workspace (${free.join(", ")}), or ` : ""}add it to zone in outside.yaml`,
        ...inspected.placeOf(route.owned, key("hostnames"), host.split(".")[0] ?? host),
      })),
  );
}

/** Whether the names of workspaces lead anybody to them. */
export const hostNameRules = [
  rule({
    id: "host-nobody-knows",
    title: "the owner's DNS knows each host",
    pitfalls: [9],
    severity: "warning",
    find: unknownHosts,
  }),
];
