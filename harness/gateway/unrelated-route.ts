import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { HarnessError, messageOf, patientMs } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import { type GatewayAccess, sendThroughGateway } from "../workspace/index.ts";

const route = { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" };

/** A route of somebody else on the gateway. Disposing removes it. */
export interface UnrelatedRoute extends AsyncDisposable {
  hostname: string;
  /** Until the gateway answered on it, in milliseconds. */
  ms: number;
}

/**
 * Adds a route for another host to the gateway of the workspaces, as any other application does when it is deployed,
 * and waits until the gateway answers on it: only then has Envoy really taken a new configuration.
 */
export async function addUnrelatedRoute(cluster: Cluster, gateway: GatewayAccess): Promise<UnrelatedRoute> {
  const startedAt = Date.now();
  const name = `unrelated-${randomBytes(3).toString("hex")}`;
  const { namespace, name: gatewayName, sectionName } = gateway.gateway ?? noGateway();
  const hostname = await nameFor(cluster, namespace, name);
  const metadata = { name, namespace };
  await cluster.objects.apply({
    ...route,
    metadata,
    spec: {
      parentRefs: [{ name: gatewayName, namespace, ...(sectionName ? { sectionName } : {}) }],
      hostnames: [hostname],
      rules: [
        {
          filters: [
            { type: "RequestRedirect", requestRedirect: { hostname: "example.org", statusCode: 302 } },
          ],
        },
      ],
    },
  } as Parameters<typeof cluster.objects.apply>[0]);
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => cluster.objects.remove({ ...route, ...metadata }));
  await untilRedirected(gateway, hostname, 30_000);
  const kept = cleanUp.move();
  return { hostname, ms: Date.now() - startedAt, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

function noGateway(): never {
  throw new HarnessError("no Gateway serves the workspaces", { code: "failed" });
}

/** A name that a wildcard certificate of the Gateway's namespace covers. */
async function nameFor(cluster: Cluster, namespace: string, label: string): Promise<string> {
  const certificates = await cluster.objects.all({ apiVersion: "cert-manager.io/v1", kind: "Certificate" });
  for (const { metadata, spec } of certificates) {
    const wildcard = (spec?.dnsNames as string[] | undefined)?.find((name) => name.startsWith("*."));
    if (wildcard && metadata?.namespace === namespace) return `${label}${wildcard.slice(1)}`;
  }
  throw new HarnessError("no Certificate of the gateway has a wildcard name", { code: "environment" });
}

async function untilRedirected(gateway: GatewayAccess, hostname: string, timeoutMs: number): Promise<void> {
  const grantedMs = patientMs(timeoutMs);
  const deadline = performance.now() + grantedMs;
  let last = "nothing";
  while (performance.now() < deadline) {
    try {
      const { status } = await sendThroughGateway(gateway, { hostname, path: "/", timeoutMs: 3_000 });
      if (status === 302) return;
      last = String(status);
    } catch (error) {
      last = messageOf(error);
    }
    await delay(200);
  }
  throw new HarnessError(`the gateway did not answer on a new route within ${grantedMs / 1000} s`, {
    code: "failed",
    details: `last: ${last}`,
  });
}
