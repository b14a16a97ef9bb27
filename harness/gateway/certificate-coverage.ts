import { setTimeout as delay } from "node:timers/promises";
import { HarnessError, type ManifestPlace, messageOf, patientMs } from "../base/index.ts";
import type { AnyObject, Verdict } from "../cluster/index.ts";
import { certificateNames } from "../diagnosis/index.ts";
import type { DeployedWorkspace, GatewayAccess } from "../workspace/index.ts";
import { certificates, coveringOf, namesOf } from "./covering-certificates.ts";
import { shownNames } from "./shown-certificate.ts";

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
  const { name, namespace } = workspace.gateway;
  const found = await cluster.objects.find({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    name,
    namespace,
  });
  const taken = found ? secretsOf(found) : [];
  const certificate = await cluster.wait<AnyObject | { uncovered: string }>({
    ...certificates,
    what: `a Certificate that covers ${hostname} is Ready`,
    timeoutMs: readyWithinMs,
    until: (objects) => judgeCertificates(objects, hostname, taken),
  });
  if ("uncovered" in certificate) {
    throw failed(
      `no Certificate covers ${hostname}: ${certificate.uncovered}`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it
      "add *.opencode.${SECRET_DOMAIN} to the Certificate: a wildcard stands for one label only (pitfall 9)",
      [certificateNames],
    );
  }
  const secret = secretOf(certificate);
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

const secretOf = ({ metadata, spec }: AnyObject): string => `${metadata?.namespace}/${spec?.secretName}`;

/**
 * The Ready Certificate for the host whose Secret the Gateway takes, the first one if it takes none; what the others cover
 * where there is none for it.
 */
export function judgeCertificates(
  objects: AnyObject[],
  hostname: string,
  taken: readonly string[] = [],
): Verdict<AnyObject | { uncovered: string }> {
  const isTaken = (one: AnyObject) => taken.includes(secretOf(one));
  const all = coveringOf(objects, hostname);
  // What is Ready beside the one that the Gateway waits for is not what browsers will see.
  const covering = all.some(isTaken) ? all.filter(isTaken) : all;
  if (covering.length === 0) {
    const told = objects.map(
      (one) => `${one.metadata?.namespace}/${one.metadata?.name} has ${namesOf(one).join(" and ")}`,
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
  const deadline = performance.now() + patientMs(servedWithinMs);
  for (;;) {
    try {
      return await shownNames(gateway, hostname);
    } catch (error) {
      if (performance.now() > deadline) {
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

function failed(message: string, remedy: string, look: ManifestPlace[]): HarnessError {
  return new HarnessError(message, { code: "failed", remedy, look });
}
