import { escapeRegExp } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { everyRoute } from "../../reading/gateways.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { rule } from "../../rule.ts";

/** A record of external-dns's would be made, and the owner does not say that the world may know the host. */
function publicHosts(inspected: Inspected): Fault[] {
  return everyRoute(inspected).flatMap(({ workspace: { facts }, route }) => {
    const asked = Object.entries(facts.publicDns?.annotations ?? {});
    const has = route.owned.object.metadata.annotations ?? {};
    if (asked.length === 0 || !asked.every(([key, value]) => has[key] === value)) return [];
    const published = facts.publicDns?.published;
    return route.hostnames
      .filter((host) => !published?.includes(host))
      .map((host) => ({
        ...(published ? { severity: "error" as const } : {}),
        message: `HTTPRoute ${route.name} makes external-dns publish ${host}: everybody can look up that it is there`,
        remedy: `take ${asked.map(([key]) => key).join(", ")} off the route, or list the host under \`published\` in outside.yaml`,
        ...inspected.placeOf(route.owned, new RegExp(asked.map(([key]) => escapeRegExp(key)).join("|"))),
      }));
  });
}

/** Who may know that a workspace is there. */
export const publicHostRules = [
  rule({
    id: "public-host",
    title: "external-dns publishes no host that its owner does not publish",
    severity: "warning",
    find: publicHosts,
  }),
];
