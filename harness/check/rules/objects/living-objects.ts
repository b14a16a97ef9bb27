import { isDeepStrictEqual } from "node:util";
import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { type ClaimSpec, claimSpecOf, claimsOf, type StatefulSpec } from "../../reading/claims.ts";
import { type Inspected, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { bytesOf } from "../../reading/quantities.ts";
import { rule } from "../../rule.ts";
import { eachLiving, type Living } from "../storage/living-volumes.ts";

/** What a claim keeps for its life: https://kubernetes.io/docs/concepts/storage/persistent-volumes/ */
const fixed: [field: keyof ClaimSpec, read: (spec: ClaimSpec) => unknown][] = [
  ["accessModes", ({ accessModes }) => accessModes],
  ["storageClassName", ({ storageClassName }) => storageClassName],
  ["volumeMode", ({ volumeMode = "Filesystem" }) => volumeMode],
  ["volumeName", ({ volumeName }) => volumeName],
  ["dataSourceRef", ({ dataSource, dataSourceRef = dataSource }) => dataSourceRef],
];

/** What the cluster gives where the tree says nothing, and nobody knows here. */
const givenByCluster: readonly string[] = ["storageClassName", "volumeName"];

const told = (value: unknown): string =>
  value === undefined ? "nothing" : typeof value === "string" ? value : JSON.stringify(value);

/** Fields that the API server would refuse to change, with both values. */
function refusedChanges(was: ClaimSpec, is: ClaimSpec): [field: string, change: string][] {
  const changed = fixed.flatMap(([field, read]): [string, string][] => {
    const [old, now] = [read(was), read(is)];
    const isUnknown = old === undefined && givenByCluster.includes(field);
    return isUnknown || isDeepStrictEqual(old, now)
      ? []
      : [[field, `${field} from ${told(old)} to ${told(now)}`]];
  });
  const [old, now] = [was, is].map(({ resources }) => resources?.requests?.storage);
  const isSmaller = old !== undefined && now !== undefined && bytesOf(now) < bytesOf(old);
  return isSmaller ? [...changed, ["storage", `its size from ${old} to ${now}`]] : changed;
}

/** Flux leaves an object alone that is there already, or makes it anew where it is told to. */
function fluxDoes({ object: { metadata }, by, owner }: OwnedObject): "change" | "nothing" | "replace" {
  const said = { ...metadata.labels, ...metadata.annotations };
  const flux = (word: string) => said[`kustomize.toolkit.fluxcd.io/${word}`]?.toLowerCase();
  if (by.release) return "change";
  if (flux("ssa") === "ifnotpresent" || flux("ssa") === "ignore" || flux("reconcile") === "disabled")
    return "nothing";
  return flux("force") === "enabled" || owner.object.spec.force === true ? "replace" : "change";
}

const sameAs = ({ of }: Inspected, { object: { kind, metadata } }: OwnedObject) =>
  of(kind).find(
    ({ object }) =>
      object.metadata.name === metadata.name && object.metadata.namespace === metadata.namespace,
  );

/** A Kustomization, or release, that has one such change in it applies nothing else either. */
function refusedClaims({ is, before, after }: Living): Fault[] {
  return claimsOf(after, is).flatMap((claim) => {
    const old = sameAs(before, claim);
    const what = fluxDoes(claim);
    if (!old || what === "nothing") return [];
    return refusedChanges(claimSpecOf(old), claimSpecOf(claim)).map(([field, change]) => ({
      message:
        what === "replace"
          ? `claim ${claim.object.metadata.name} changes ${change}, which no claim can: Flux is told to force it, and deletes the volume with all that is on it`
          : `claim ${claim.object.metadata.name} changes ${change}, which Kubernetes refuses of a claim that is there: nothing of what is applied with it arrives`,
      remedy: "leave it as it is; another claim, and a move of the data, is a step of its own",
      ...after.placeOf(claim, key(field)),
    }));
  });
}

interface WorkloadSpec extends StatefulSpec {
  selector?: unknown;
  serviceName?: string;
  podManagementPolicy?: string;
}

/** What a workload keeps for its life. */
function refusedFields(kind: string, was: WorkloadSpec, is: WorkloadSpec): string[] {
  const templatesOf = ({ volumeClaimTemplates = [] }: WorkloadSpec) =>
    new Map(volumeClaimTemplates.map(({ metadata, spec = {} }) => [metadata?.name, spec]));
  const [old, now] = [templatesOf(was), templatesOf(is)];
  const isOther = [...now].some(([name, spec]) => {
    const before = old.get(name);
    const sizeOf = ({ resources }: ClaimSpec) => bytesOf(resources?.requests?.storage ?? 0);
    return !before || sizeOf(before) !== sizeOf(spec) || refusedChanges(before, spec).length > 0;
  });
  const changed: [string, boolean][] = [
    ["selector", !isDeepStrictEqual(was.selector, is.selector)],
    ["serviceName", (was.serviceName ?? "") !== (is.serviceName ?? "")],
    [
      "podManagementPolicy",
      (was.podManagementPolicy ?? "OrderedReady") !== (is.podManagementPolicy ?? "OrderedReady"),
    ],
    ["volumeClaimTemplates", isOther || old.size !== now.size],
  ];
  return changed.flatMap(([field, isChanged]) =>
    isChanged && (kind === "StatefulSet" || field === "selector") ? [field] : [],
  );
}

function refusedWorkloads({ is, was, before }: Living): Fault[] {
  if (!sameAs(before, is.object) || fluxDoes(is.object) !== "change") return [];
  return refusedFields(is.workload.kind, was.workload.spec, is.workload.spec).map((field) => ({
    message: `${titleOf(is.object)} changes its ${field}, which Kubernetes refuses of one that is there: the old one goes on, and no later change arrives`,
    remedy: `leave ${field} as it is, or delete the ${is.workload.kind} by hand at the merge: claims stay`,
    ...is.at(key(field)),
  }));
}

/** What the API server will not take over what is there; asked with `--base` alone. */
export const livingObjectRules = [
  rule({
    id: "living-claim-refused",
    title: "claims that are there can become what they are to be",
    find: eachLiving(refusedClaims),
  }),
  rule({
    id: "living-workload-refused",
    title: "workloads that are there can become what they are to be",
    find: eachLiving(refusedWorkloads),
  }),
];
