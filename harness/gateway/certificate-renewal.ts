import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { connect } from "node:tls";
import { HarnessError, messageOf } from "../base/index.ts";
import type { AnyObject, Cluster } from "../cluster/index.ts";
import { certificateNames } from "../diagnosis/index.ts";
import type { GatewayAccess } from "../workspace/index.ts";

const certificate = { apiVersion: "cert-manager.io/v1", kind: "Certificate" };

/** SHA-256 fingerprint of the certificate that the gateway shows to who asks for this name; verified on the way. */
export async function servedFingerprint(gateway: GatewayAccess, hostname: string): Promise<string> {
  const socket = connect({
    host: gateway.host,
    port: gateway.httpsPort,
    servername: hostname,
    ca: gateway.caPem,
    timeout: 5_000,
  });
  try {
    await once(socket, "secureConnect");
    return socket.getPeerCertificate().fingerprint256;
  } finally {
    socket.destroy();
  }
}

async function allNames(cluster: Cluster): Promise<string[]> {
  const all = await cluster.objects.all(certificate);
  return all.flatMap(({ spec }) => (spec?.dnsNames as string[] | undefined) ?? []);
}

/** The Certificates whose names cover the host. */
export async function certificatesFor(cluster: Cluster, hostname: string): Promise<AnyObject[]> {
  const wildcard = `*.${hostname.split(".").slice(1).join(".")}`;
  const all = await cluster.objects.all(certificate);
  return all.filter(({ spec }) =>
    (spec?.dnsNames as string[] | undefined)?.some((name) => name === hostname || name === wildcard),
  );
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
  const before = await servedFingerprint(gateway, hostname);
  const certificates = await certificatesFor(cluster, hostname);
  if (certificates.length === 0)
    throw new HarnessError(
      `a Certificate should cover ${hostname}, the ones that are there do not: ${(await allNames(cluster)).join(", ") || "no names at all"}`,
      {
        code: "failed",
        remedy: "add *.opencode.<domain> to a Certificate: a wildcard covers one label only (pitfall 9)",
        look: [certificateNames],
      },
    );
  for (const { metadata, status } of certificates) {
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
      ...certificate,
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
  const deadline = Date.now() + timeoutMs;
  let last = "the certificate that it had";
  while (Date.now() < deadline) {
    try {
      if ((await servedFingerprint(gateway, hostname)) !== before) return;
    } catch (error) {
      last = messageOf(error);
    }
    await delay(200);
  }
  throw new HarnessError(
    `the gateway did not serve a renewed certificate for ${hostname} within ${timeoutMs / 1000} s`,
    {
      code: "failed",
      details: `last: ${last}`,
      remedy:
        "let the Certificate write to the Secret that the Gateway serves, in the Gateway's namespace (pitfall 9; manifests/README.md, Gateway)",
      look: [{ kind: "Certificate", field: ["spec", "secretName"] }],
    },
  );
}
