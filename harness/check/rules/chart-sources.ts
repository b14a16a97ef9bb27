import type { Fault } from "../finding.ts";
import { type Inspected, specOf } from "../inspected.ts";
import { key } from "../place.ts";
import { rule } from "../rule.ts";
import { isSecretMade } from "./pod-names.ts";

interface SourceSpec {
  secretRef?: { name?: string };
  certSecretRef?: { name?: string };
  proxySecretRef?: { name?: string };
}

/** Sources of ours that log in with a Secret which nobody makes: they never have an artifact. */
function withoutSecret(inspected: Inspected): Fault[] {
  const { of, isOurs, placeOf } = inspected;
  return ["OCIRepository", "HelmRepository"]
    .flatMap(of)
    .filter(({ owner }) => isOurs(owner))
    .flatMap((one) => {
      const spec = specOf<SourceSpec>(one);
      const { namespace = "", name } = one.object.metadata;
      return (["secretRef", "certSecretRef", "proxySecretRef"] as const).flatMap((field) => {
        const secret = spec[field]?.name;
        if (secret === undefined || isSecretMade(inspected, namespace, secret)) return [];
        return {
          message: `${one.object.kind} ${name} asks with Secret ${namespace}/${secret}, which nobody makes: its release is never installed`,
          remedy: `leave ${field} out, or make the Secret in this namespace`,
          ...placeOf(one, key(field)),
        };
      });
    });
}

/** Without retries the first failure, of a key that comes late for instance, is the last try until Git changes. */
function noRetries({ of, workspaces, placeOf }: Inspected): Fault[] {
  return workspaces.flatMap(({ facts }) => {
    const release = of("HelmRelease").find(
      ({ object: { metadata } }) =>
        metadata.name === facts.release?.name && metadata.namespace === facts.release?.namespace,
    );
    const { install } = (release?.object.spec ?? {}) as {
      install?: { remediation?: { retries?: number }; strategy?: { name?: string } };
    };
    const isTried =
      (install?.remediation?.retries ?? 0) !== 0 || install?.strategy?.name === "RetryOnFailure";
    if (!release || isTried) return [];
    return {
      message: `HelmRelease ${release.object.metadata.name} is installed once: where that fails, for a key that comes late to the store, it stays failed until Git changes`,
      remedy: "write install.remediation.retries: 3",
      severity: "warning" as const,
      ...placeOf(release, /^ {2}install:|^spec:/),
    };
  });
}

/** From where releases come, and how often it is tried. */
export const chartSourceRules = [
  rule({
    id: "source-secret-missing",
    title: "sources log in with Secrets that are there",
    isBlocker: true,
    find: withoutSecret,
  }),
  rule({ id: "installed-once", title: "a failed install is tried again", pitfalls: [7], find: noRetries }),
];
