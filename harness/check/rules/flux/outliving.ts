import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { claimsOf, type StatefulSpec } from "../../reading/claims.ts";
import { type Inspected, releaseOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

function unguarded(inspected: Inspected): Fault[] {
  const guard = "kustomize.toolkit.fluxcd.io/prune";
  // Flux takes it as label and as annotation, in letters of any size.
  const isGuarded = ({ object: { metadata } }: Pick<OwnedObject, "object">) =>
    [metadata.labels, metadata.annotations].some((all) => all?.[guard]?.toLowerCase() === "disabled");
  const namespaces = new Set(inspected.workspaces.map(({ facts }) => facts.namespace));
  const kept = inspected.workspaces
    .flatMap((workspace) => claimsOf(inspected, workspace))
    .filter((one) => !one.by.release);
  const open = inspected
    .of("Namespace")
    .filter((one) => namespaces.has(one.object.metadata.name) && !isGuarded(one))
    .map((one) => {
      const { name } = one.object.metadata;
      // Who guards the claims wants them to stay, and they would not; who guards nothing may know what he does.
      const isMeant = kept.some(({ object }) => object.metadata.namespace === name && isGuarded({ object }));
      return {
        message: `Namespace ${name} goes, with every workspace in it, when its file leaves Git`,
        remedy: `give it the label ${guard}: disabled`,
        ...(isMeant ? {} : { severity: "warning" as const }),
        ...inspected.placeOf(one, key("metadata")),
      };
    });
  const claims = kept
    .filter((one) => !isGuarded(one))
    .map((one) => ({
      message: `claim ${one.object.metadata.name} goes, and its volume with it, when its Kustomization leaves Git`,
      remedy: `give it the label ${guard}: disabled`,
      severity: "warning" as const,
      ...inspected.placeOf(one, key("metadata")),
    }));
  return [...open, ...claims];
}

/** Claims that go with their StatefulSet, when it is made anew or scaled to 0. */
function goingWithTheSet({ workspaces }: Inspected): Fault[] {
  return workspaces.flatMap(({ facts, workload, at }) => {
    const policy = (workload.spec as StatefulSpec).persistentVolumeClaimRetentionPolicy ?? {};
    if (!Object.values(policy).includes("Delete")) return [];
    return {
      message: `claims of ${facts.name} go, and the work with them, when its StatefulSet is made anew or scaled to 0`,
      remedy: "leave persistentVolumeClaimRetentionPolicy out: Retain is the default",
      ...at(key("persistentVolumeClaimRetentionPolicy")),
    };
  });
}

/** Helm replaces what it owns when an upgrade is forced, and removes it with the release. */
function ownedByHelm(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const release = releaseOf(inspected, workspace);
    const { upgrade } = (release?.object.spec ?? {}) as {
      upgrade?: { force?: boolean; remediation?: { strategy?: string } };
    };
    const isReplaced = upgrade?.force === true || upgrade?.remediation?.strategy === "uninstall";
    return claimsOf(inspected, workspace)
      .filter(
        ({ by, object }) => by.release && object.metadata.annotations?.["helm.sh/resource-policy"] !== "keep",
      )
      .map((claim) => ({
        message: `claim ${claim.object.metadata.name} belongs to the HelmRelease, ${isReplaced ? "whose upgrades replace it" : "and goes with it"}`,
        remedy: "let kustomize make the claim (templates/volsync), and name it as existingClaim",
        ...(isReplaced ? {} : { severity: "warning" as const }),
        ...workspace.at(key("persistence")),
      }));
  });
}

/** Whether work outlives what it was made with. */
export const outlivingRules = [
  rule({ id: "prune-guard", title: "what holds work outlives its file in Git", find: unguarded }),
  rule({
    id: "claim-of-set",
    title: "claims outlive their StatefulSet",
    pitfalls: [6],
    find: goingWithTheSet,
  }),
  rule({ id: "claim-of-helm", title: "no upgrade of Helm replaces a claim", find: ownedByHelm }),
];
