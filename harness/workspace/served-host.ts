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
  const route = routes.find((candidate) => services.some((service) => leadsTo(candidate, service.name)));
  const hostname = route?.spec?.hostnames?.[0] as string | undefined;
  if (hostname) return hostname;
  throw new HarnessError(`no HTTPRoute in namespace ${namespace} leads to the Service of ${name}`, {
    code: "failed",
    remedy:
      "make the HTTPRoute with `route:` in the HelmRelease's values, not `ingress:` (integration gotchas; pitfall 9)",
    look: [routeOf(name, "rules"), inValues(name, "service")],
  });
}

/** The HTTPRoute has a rule for this Service. */
export function leadsTo(route: AnyObject, service: string): boolean {
  const rules = (route.spec?.rules ?? []) as { backendRefs?: { name: string }[] }[];
  return rules.some(({ backendRefs }) => backendRefs?.some(({ name }) => name === service));
}
