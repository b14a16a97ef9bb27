import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { connect } from "node:tls";
import { HarnessError, type ManifestPlace, messageOf } from "../base/index.ts";
import type { AnyObject, Verdict } from "../cluster/index.ts";
import { certificateNames } from "../diagnosis/index.ts";
import type { DeployedWorkspace, GatewayAccess } from "../workspace/index.ts";
import { homeGateway } from "./route-status.ts";

const certificates = { apiVersion: "cert-manager.io/v1", kind: "Certificate" };
const readyWithinMs = 30_000;
/** From a Secret to the wire it takes Envoy Gateway under a second. */
const servedWithinMs = 10_000;

/**
 * A Certificate covers the workspace's host and is Ready, the Gateway takes its Secret, and this is what a client that
 * trusts only the harness's authority is shown. Returns the names on it.
 */
export async function expectCertificate(
  workspace: DeployedWorkspace,
  gateway: GatewayAccess,
): Promise<string> {
  const hostname = await workspace.hostname();
  const { cluster } = workspace;
  const certificate = await cluster.wait<AnyObject | { uncovered: string }>({
    ...certificates,
    what: `a Certificate that covers ${hostname} is Ready`,
    timeoutMs: readyWithinMs,
    until: (objects) => judgeCertificates(objects, hostname),
  });
  if ("uncovered" in certificate) {
    throw failed(
      `no Certificate covers ${hostname}: ${certificate.uncovered}`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it
      "add *.opencode.${SECRET_DOMAIN} to the Certificate: a wildcard stands for one label only (pitfall 9)",
      [certificateNames],
    );
  }
  const { name, namespace } = homeGateway;
  const found = await cluster.objects.find({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    name,
    namespace,
  });
  const taken = found ? secretsOf(found) : [];
  const secret = `${certificate.metadata?.namespace}/${certificate.spec?.secretName}`;
  if (!taken.includes(secret)) {
    throw failed(
      `the certificate for ${hostname} is in Secret ${secret}, and Gateway ${namespace}/${name} serves only ${taken.join(", ") || "none"}`,
      `let the Certificate stand in namespace ${namespace} and write the Secret that the Gateway names: a listener reads Secrets of its own namespace (pitfalls 5 and 9)`,
      [
        { kind: "Certificate", field: ["metadata", "namespace"] },
        { kind: "Certificate", field: ["spec", "secretName"] },
      ],
    );
  }
  return untilServed(gateway, hostname);
}

/** The first Ready Certificate for the host; what the others cover where there is none for it. */
export function judgeCertificates(
  objects: AnyObject[],
  hostname: string,
): Verdict<AnyObject | { uncovered: string }> {
  const covering = objects.filter(({ spec }) =>
    (spec?.dnsNames as string[] | undefined)?.some((name) => covers(name, hostname)),
  );
  if (covering.length === 0) {
    const told = objects.map(
      ({ metadata, spec }) =>
        `${metadata?.namespace}/${metadata?.name} has ${(spec?.dnsNames ?? []).join(" and ")}`,
    );
    return { ready: { uncovered: told.join(", ") || "there is none" } };
  }
  const conditions = covering.map(({ metadata, status }) => {
    const ready = status?.conditions?.find(({ type }: { type: string }) => type === "Ready");
    return { generation: metadata?.generation ?? 0, ready };
  });
  const index = conditions.findIndex(
    ({ generation, ready }) => ready?.status === "True" && (ready.observedGeneration ?? 0) >= generation,
  );
  const certificate = covering[index];
  if (certificate) return { ready: certificate };
  return {
    waiting: conditions
      .map(({ ready }) => `${ready?.reason ?? "no condition"}: ${ready?.message ?? ""}`)
      .join("; "),
  };
}

/** As a browser takes it: a wildcard stands for one label. */
export function covers(name: string, hostname: string): boolean {
  return name === hostname || name === `*.${hostname.split(".").slice(1).join(".")}`;
}

/** `namespace/name` of the Secrets that the Gateway's listeners serve. */
function secretsOf(gateway: AnyObject): string[] {
  const listeners = (gateway.spec?.listeners ?? []) as {
    tls?: { certificateRefs?: { name: string; namespace?: string }[] };
  }[];
  const refs = listeners.flatMap(({ tls }) => tls?.certificateRefs ?? []);
  return refs.map(({ name, namespace = gateway.metadata?.namespace }) => `${namespace}/${name}`);
}

/** There is nothing to watch on the wire, so it is asked. */
async function untilServed(gateway: GatewayAccess, hostname: string): Promise<string> {
  const deadline = Date.now() + servedWithinMs;
  for (;;) {
    try {
      return await servedNames(gateway, hostname);
    } catch (error) {
      if (Date.now() > deadline) {
        throw failed(
          `${hostname} is served with a certificate that a browser refuses: ${messageOf(error)}`,
          "let the Certificate write the Secret that the Gateway serves, and let no other Certificate claim this name (pitfall 9)",
          [{ kind: "Certificate", field: ["spec", "secretName"] }, certificateNames],
        );
      }
      await delay(200);
    }
  }
}

/** Names on the certificate that is shown to who asks for this host; its chain and the host are verified. */
export async function servedNames(gateway: GatewayAccess, hostname: string): Promise<string> {
  const socket = connect({
    host: gateway.host,
    port: gateway.httpsPort,
    servername: hostname,
    ca: gateway.caPem,
    timeout: 5_000,
  });
  try {
    await once(socket, "secureConnect");
    return (socket.getPeerCertificate().subjectaltname ?? "").replaceAll("DNS:", "");
  } finally {
    socket.destroy();
  }
}

function failed(message: string, remedy: string, look: ManifestPlace[]): HarnessError {
  return new HarnessError(message, { code: "failed", remedy, look });
}
