import { setTimeout as delay } from "node:timers/promises";
import { HarnessError, mark, messageOf, patientMs } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import { certificateNames } from "../diagnosis/index.ts";
import type { GatewayAccess } from "../workspace/index.ts";
import { certificates, coveringOf, namesOf } from "./covering-certificates.ts";
import { shownCertificate } from "./shown-certificate.ts";

/** SHA-256 fingerprint of what is shown. */
async function shownFingerprint(gateway: GatewayAccess, hostname: string): Promise<string> {
  return (await shownCertificate(gateway, hostname)).fingerprint256;
}

/**
 * Asks cert-manager for a new certificate before its time, as `cmctl renew` does, and waits until the gateway shows
 * another one than before. Returns the milliseconds that it took.
 */
export async function renewCertificate(
  cluster: Cluster,
  gateway: GatewayAccess,
  hostname: string,
): Promise<number> {
  const startedAt = Date.now();
  const before = await shownFingerprint(gateway, hostname);
  const all = await cluster.objects.all(certificates);
  const covering = coveringOf(all, hostname);
  if (covering.length === 0)
    throw new HarnessError(
      `a Certificate should cover ${hostname}, the ones that are there do not: ${all.flatMap(namesOf).join(", ") || "no names at all"}`,
      {
        code: "failed",
        remedy: "add *.opencode.<domain> to a Certificate: a wildcard covers one label only (pitfall 9)",
        look: [certificateNames],
      },
    );
  mark(`the certificate for ${hostname} is renewed`);
  for (const { metadata, status } of covering) {
    const { name = "", namespace = "" } = metadata ?? {};
    const others = (status?.conditions ?? []).filter(({ type }: { type: string }) => type !== "Issuing");
    const issuing = {
      type: "Issuing",
      status: "True",
      reason: "ManuallyTriggered",
      message: "renewal asked for by the harness",
      lastTransitionTime: new Date().toISOString().replace(/\.\d+/, ""),
      observedGeneration: metadata?.generation,
    };
    await cluster.objects.mergeStatus({
      ...certificates,
      metadata: { name, namespace },
      status: { conditions: [...others, issuing] },
    });
  }
  await untilAnother(gateway, hostname, before, 30_000);
  return Date.now() - startedAt;
}

/** There is nothing to watch from outside, so the gateway is asked. */
async function untilAnother(
  gateway: GatewayAccess,
  hostname: string,
  before: string,
  timeoutMs: number,
): Promise<void> {
  const grantedMs = patientMs(timeoutMs);
  const deadline = performance.now() + grantedMs;
  let last = "the certificate that it had";
  while (performance.now() < deadline) {
    try {
      if ((await shownFingerprint(gateway, hostname)) !== before) return;
    } catch (error) {
      last = messageOf(error);
    }
    await delay(200);
  }
  throw new HarnessError(
    `the gateway did not serve a renewed certificate for ${hostname} within ${grantedMs / 1000} s`,
    {
      code: "failed",
      details: `last: ${last}`,
      remedy:
        "let the Certificate write to the Secret that the Gateway serves, in the Gateway's namespace (pitfall 9; manifests/README.md, Gateway)",
      look: [{ kind: "Certificate", field: ["spec", "secretName"] }],
    },
  );
}
