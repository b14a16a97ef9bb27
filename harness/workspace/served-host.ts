import { HarnessError } from "../base/index.ts";
import type { AnyObject, Cluster } from "../cluster/index.ts";
import { inValues, route as routeOf } from "../diagnosis/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";

/** Host name of the HTTPRoute that leads to the workspace's Service. */
export async function hostnameOf(
  { name, namespace, services, hosts }: WorkspaceFacts,
  cluster: Pick<Cluster, "objects">,
): Promise<string> {
  const routes = await cluster.objects.all({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    namespace: hosts[0]?.route.namespace ?? namespace,
  });
  const hostname = hostOf(routeTo({ services, hosts }, routes), hosts[0]?.hostname);
  if (hostname) return hostname;
  throw new HarnessError(`no HTTPRoute in namespace ${namespace} leads to the Service of ${name}`, {
    code: "failed",
    remedy:
      "make the HTTPRoute with `route:` in the HelmRelease's values, not `ingress:` (integration gotchas; pitfall 9)",
    look: [routeOf(name, "rules"), inValues(name, "service")],
  });
}

/**
 * Of the routes that lead to the workspace that of its first host: one for plain HTTP, or for another port, may be among
 * them. Another where that does not lead there; undefined where none does.
 */
export function routeTo(
  { services, hosts }: Pick<WorkspaceFacts, "services" | "hosts">,
  routes: readonly AnyObject[],
): AnyObject | undefined {
  const leading = routes.filter((candidate) => services.some(({ name }) => leadsTo(candidate, name)));
  return leading.find(({ metadata }) => metadata?.name === hosts[0]?.route.name) ?? leading[0];
}

/** The host that the route is known for, if it is still its own; one that names none has its listener's. */
function hostOf(route: AnyObject | undefined, known: string | undefined): string | undefined {
  if (!route) return undefined;
  const names = (route.spec?.hostnames ?? []) as string[];
  return known !== undefined && (names.length === 0 || names.includes(known)) ? known : names[0];
}

/** The HTTPRoute has a rule for this Service. */
export function leadsTo(route: AnyObject, service: string): boolean {
  const rules = (route.spec?.rules ?? []) as { backendRefs?: { name: string }[] }[];
  return rules.some(({ backendRefs }) => backendRefs?.some(({ name }) => name === service));
}
