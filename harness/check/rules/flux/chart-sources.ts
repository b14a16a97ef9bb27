import type { Fault } from "../../finding.ts";
import {
  eachWorkspace,
  type Inspected,
  type InspectedWorkspace,
  releaseOf,
  specOf,
} from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";
import { isSecretMade } from "../objects/pod-names.ts";

interface SourceSpec {
  secretRef?: { name?: string };
  certSecretRef?: { name?: string };
  proxySecretRef?: { name?: string };
  verify?: { secretRef?: { name?: string } };
}

interface ReleaseSpec {
  install?: { remediation?: { retries?: number }; strategy?: { name?: string } };
  upgrade?: {
    disableWait?: boolean;
    preserveValues?: boolean;
    remediation?: { retries?: number; remediateLastFailure?: boolean; strategy?: string };
    strategy?: { name?: string };
  };
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
      return (["secretRef", "certSecretRef", "proxySecretRef", "verify"] as const).flatMap((field) => {
        const secret = field === "verify" ? spec.verify?.secretRef?.name : spec[field]?.name;
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
function noRetries(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const release = releaseOf(inspected, workspace);
  if (!release) return [];
  const { install } = specOf<ReleaseSpec>(release);
  const isTried = (install?.remediation?.retries ?? 0) !== 0 || install?.strategy?.name === "RetryOnFailure";
  if (isTried) return [];
  return [
    {
      message: `HelmRelease ${release.object.metadata.name} is installed once: where that fails, for a key that comes late to the store, it stays failed until Git changes`,
      remedy: "write install.remediation.retries: 3",
      severity: "warning",
      ...inspected.placeOf(release, /^ {2}install:|^spec:/),
    },
  ];
}

/** What becomes of an upgrade that Helm sees fail; undefined where it is taken back, and stays so. */
function fateOf(
  { upgrade: given }: ReleaseSpec,
  { workload }: InspectedWorkspace,
): [fate: string, remedy: string, line: string] | undefined {
  const { disableWait, remediation, strategy } = given ?? {}; // an empty field of YAML is null
  const { retries = 0, remediateLastFailure, strategy: takenBack } = remediation ?? {};
  // Whoever writes this has chosen that nothing is taken back.
  if (strategy?.name === "RetryOnFailure") return undefined;
  if (disableWait) {
    return [
      "stays: Helm does not wait for it, and takes nothing back",
      "take disableWait away",
      "disableWait",
    ];
  }
  const { type } = (workload.spec as { strategy?: { type?: string } }).strategy ?? {};
  const isTakenAway = workload.kind === "StatefulSet" || type === "Recreate";
  if (retries < 0) {
    const fate = "is tried again and again, and each time the pod that works is taken away first";
    return isTakenAway ? [fate, "write upgrade.remediation.retries: 3", "retries"] : undefined;
  }
  const isTakenBack = remediateLastFailure ?? retries > 0;
  if (isTakenBack && takenBack === "uninstall") {
    const fate =
      "takes the version before with it: the release is uninstalled, and what ran does not come back";
    return [fate, "write upgrade.remediation.strategy: rollback", "strategy"];
  }
  // Flux: the last failure is taken back if nothing else is said and there are retries.
  if (isTakenBack) return undefined;
  const remedy = "write upgrade.remediation with retries: 3, and leave remediateLastFailure out";
  return ["stays: the last try is not taken back", remedy, "remediateLastFailure"];
}

function badUpgrades(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const release = releaseOf(inspected, workspace);
  const [fate, remedy, line = ""] = (release && fateOf(specOf<ReleaseSpec>(release), workspace)) ?? [];
  if (!release || fate === undefined || remedy === undefined) return [];
  return [
    {
      message: `a version of ${workspace.facts.name} that is never Ready ${fate} (HelmRelease ${release.object.metadata.name})`,
      remedy,
      severity: "warning",
      ...inspected.placeOf(release, key("spec"), /^ {2}upgrade:/, key(line)),
    },
  ];
}

/** What an earlier upgrade was told is told again, under what Git says now. */
function keptValues(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const release = releaseOf(inspected, workspace);
  if (!release || specOf<ReleaseSpec>(release).upgrade?.preserveValues !== true) return [];
  return [
    {
      message: `HelmRelease ${release.object.metadata.name} keeps the values of before (preserveValues): what is taken out of Git stays in the cluster, and a new chart's defaults do not come`,
      remedy: "leave preserveValues out",
      severity: "warning",
      ...inspected.placeOf(release, key("preserveValues")),
    },
  ];
}

/** From where releases come, how often it is tried, and what becomes of what fails. */
export const chartSourceRules = [
  rule({
    id: "source-secret-missing",
    title: "sources log in with Secrets that are there",
    isBlocker: true,
    find: withoutSecret,
  }),
  rule({
    id: "installed-once",
    title: "a failed install is tried again",
    pitfalls: [7],
    find: eachWorkspace(noRetries),
  }),
  rule({
    id: "upgrade-stays-broken",
    title: "an upgrade that fails is taken back",
    find: eachWorkspace(badUpgrades),
  }),
  rule({
    id: "values-kept",
    title: "what leaves Git leaves the values",
    find: eachWorkspace(keptValues),
  }),
];
