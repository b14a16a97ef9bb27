import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { HarnessError } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import { route } from "../diagnosis/index.ts";
import type { DnsControl, DnsRecord } from "../internet/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";

/** external-dns looks every minute, and soon after any route has changed. */
const looksAgainWithinMs = 90_000;

type Workspace = Pick<WorkspaceFacts, "name" | "hosts" | "publicDns">;

interface Around {
  cluster: { objects: Pick<Cluster["objects"], "apply" | "remove"> };
  dns: DnsControl;
  workspaces: readonly { facts: Workspace; namespace: string }[];
}

/**
 * Public DNS has records of those hosts that their owner publishes (`published` in outside.yaml), and of no others. Judged by
 * the records that external-dns makes now that it looks at all routes once more: with `policy: upsert-only` those of a tree
 * before are still there, and say nothing about this one. Returns what to note: the records that there are.
 *
 * @throws HarnessError `failed` for a record that nobody wants, and for one that is missing
 */
export async function expectOnlyWantedRecords(around: Around, signal: AbortSignal): Promise<string[]> {
  await around.dns.forgetRecords();
  await untilLookedAgain(around, signal);
  const records = await around.dns.records();
  return around.workspaces.flatMap(({ facts }) => judgeRecords(facts, records));
}

/** @throws as `expectOnlyWantedRecords`, about one workspace */
export function judgeRecords({ name, hosts, publicDns }: Workspace, records: readonly DnsRecord[]): string[] {
  const { annotations = {}, published } = publicDns ?? {};
  const asked = Object.entries(annotations).map(([key, value]) => `${key}: "${value}"`);
  const annotation =
    asked.length > 0 ? `the annotation ${asked.join(", ")}` : "what external-dns's filters ask";
  return hosts.flatMap(({ hostname }) => {
    // TXT records are external-dns's own marks.
    const found = records.find(({ dnsName, recordType }) => dnsName === hostname && recordType !== "TXT");
    const isWanted = published?.includes(hostname);
    if (found && isWanted === false) {
      throw new HarnessError(
        `external-dns publishes ${told(found)}: everybody can look up that it is there`,
        {
          code: "failed",
          remedy: `take ${annotation} off the route; where the world is to know the host, say so under \`published\` in outside.yaml`,
          look: [route(name, "annotations"), route(name)],
        },
      );
    }
    if (!found && isWanted) {
      throw new HarnessError(
        `external-dns makes no public record of ${hostname}, which its owner publishes`,
        {
          code: "failed",
          remedy: `give the route ${annotation}`,
          look: [route(name, "annotations"), route(name)],
        },
      );
    }
    if (!found) return `${hostname} has no public record`;
    return isWanted
      ? `${told(found)} is public, as its owner wants it`
      : `${told(found)} is public; outside.yaml does not say whether it is to be (\`published\`)`;
  });
}

const told = ({ dnsName, recordType, targets }: DnsRecord): string =>
  `${dnsName} ${recordType} ${targets.join(" ")}`;

const httpRoute = { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" };

/**
 * Until external-dns has planned anew, and begun once more after that: then what it planned is made. A route of no host and
 * no Gateway wakes it; its requests to the provider show when it looks.
 */
async function untilLookedAgain({ cluster, dns, workspaces }: Around, signal: AbortSignal): Promise<void> {
  const startedAt = Date.now();
  const deadline = performance.now() + looksAgainWithinMs;
  const [namespace = "default"] = workspaces.map((one) => one.namespace);
  const metadata = { name: `unrelated-${randomBytes(3).toString("hex")}`, namespace };
  const wake = async (label: string) => {
    await cluster.objects.apply({
      ...httpRoute,
      metadata: { ...metadata, labels: { woken: label } },
      spec: { parentRefs: [], rules: [{}] },
    } as Parameters<typeof cluster.objects.apply>[0]);
  };
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => cluster.objects.remove({ ...httpRoute, ...metadata }));
  await wake("1");
  let woken = 1;
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    const rounds = roundsSince(await dns.recordedRequests(), startedAt);
    if (rounds >= 2) return;
    if (rounds === woken) await wake(String(++woken));
    await delay(500, undefined, { signal });
  }
  throw new HarnessError(`external-dns has not looked at the routes within ${looksAgainWithinMs / 1000} s`, {
    code: "environment",
    remedy: "look at its log: kubectl -n <its namespace> logs deploy/external-dns",
  });
}

/** How often external-dns has begun to plan since then: it asks for all records first. */
export function roundsSince(
  requests: readonly { time: string; method: string; path: string }[],
  since: number,
): number {
  return requests.filter(
    ({ time, method, path }) => method === "GET" && path === "/records" && Date.parse(time) > since,
  ).length;
}
