import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { claimSpecOf, claimsOf } from "../../reading/claims.ts";
import { type Inspected, ownedNamed, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { bytesOf } from "../../reading/quantities.ts";
import { replicationsIn } from "../../reading/replications.ts";
import { rule } from "../../rule.ts";

interface DestinationSpec {
  trigger?: { manual?: string; schedule?: string };
  restic?: { capacity?: string | number; copyMethod?: string; destinationPVC?: string };
}

const ownClaims = (inspected: Inspected) => [
  ...new Set(inspected.workspaces.flatMap((workspace) => claimsOf(inspected, workspace))),
];

/** Of a claim, what it is to be filled from. */
function otherSources(inspected: Inspected): Fault[] {
  return ownClaims(inspected).flatMap((claim) => {
    const { dataSource, dataSourceRef } = claimSpecOf(claim);
    const { name } = claim.object.metadata;
    if (dataSource && !["PersistentVolumeClaim", "VolumeSnapshot"].includes(dataSource.kind ?? "")) {
      return {
        message: `claim ${name} has a ${dataSource.kind} as its dataSource, which the API server leaves out without a word: it is empty`,
        remedy: "write dataSourceRef",
        ...inspected.placeOf(claim, key("dataSource")),
      };
    }
    const isOfVolSync = dataSourceRef?.kind === "ReplicationDestination";
    if (!isOfVolSync || dataSourceRef.apiGroup === "volsync.backube") return [];
    return {
      message: `claim ${name} is filled from a ReplicationDestination of ${dataSourceRef.apiGroup ?? "no apiGroup"}, and VolSync's are of volsync.backube: it stays Pending`,
      remedy: "let dataSourceRef.apiGroup be volsync.backube",
      ...inspected.placeOf(claim, key("dataSourceRef"), key(dataSourceRef.apiGroup ? "apiGroup" : "kind")),
    };
  });
}

/** The ReplicationDestination from which a claim is filled. */
function destinationOf(inspected: Inspected, claim: OwnedObject): OwnedObject | undefined {
  const { dataSourceRef: from } = claimSpecOf(claim);
  const { namespace } = claim.object.metadata;
  return ownedNamed(inspected, "ReplicationDestination", { namespace, name: from?.name });
}

/** VolSync's populator makes the claim of a snapshot, which is no larger than the claim. */
function unfit(inspected: Inspected): Fault[] {
  return ownClaims(inspected).flatMap((claim) => {
    const destination = destinationOf(inspected, claim);
    if (!destination) return [];
    const { restic } = specOf<DestinationSpec>(destination);
    const { name } = claim.object.metadata;
    if (restic?.copyMethod === "Direct") {
      return {
        message: `claim ${name} is filled from ${titleOf(destination)}, which makes no snapshot (copyMethod: Direct): it stays Pending`,
        remedy: "write copyMethod: Snapshot",
        ...inspected.placeOf(destination, key("copyMethod")),
      };
    }
    const asked = claimSpecOf(claim).resources?.requests?.storage;
    const capacity = restic?.capacity;
    // Into a claim that is there already no capacity is asked for.
    if (restic?.destinationPVC !== undefined) return [];
    if (asked === undefined || capacity === undefined || bytesOf(asked) === bytesOf(capacity)) return [];
    const isLarger = bytesOf(capacity) > bytesOf(asked);
    if (!isLarger && !(bytesOf(capacity) < bytesOf(asked))) return [];
    return {
      message: isLarger
        ? `claim ${name} asks for ${asked}, and the snapshot of ${titleOf(destination)} has ${capacity}: no smaller volume is made of it, and the claim stays Pending`
        : `${titleOf(destination)} restores into ${capacity}, and claim ${name} may hold ${asked}: a full workspace does not come back`,
      remedy: "give both one size",
      ...(isLarger ? {} : { severity: "warning" as const }),
      ...inspected.placeOf(destination, key("capacity")),
    };
  });
}

/** A ReplicationDestination without `manual` restores again and again. */
function endlessRestores(inspected: Inspected): Fault[] {
  return ownClaims(inspected).flatMap((claim) => {
    const destination = destinationOf(inspected, claim);
    const { trigger } = destination ? specOf<DestinationSpec>(destination) : {};
    if (!destination || trigger?.manual !== undefined) return [];
    return {
      message: `${titleOf(destination)} restores ${trigger?.schedule === undefined ? "again and again, without a pause" : `at ${trigger.schedule}`}: that is for a second site, and loads store and network for nothing`,
      remedy: "write trigger.manual: restore-once",
      severity: "warning" as const,
      ...inspected.placeOf(destination, key("trigger")),
    };
  });
}

/** Two backups of one claim, where another one has none. */
function oneClaimTwice(inspected: Inspected): Fault[] {
  const sources = replicationsIn(inspected).filter(({ object }) => object.kind === "ReplicationSource");
  const claimOf = (one: OwnedObject) =>
    `${one.object.metadata.namespace}/${specOf<{ sourcePVC?: string }>(one).sourcePVC}`;
  return sources.flatMap((one, index) => {
    const other = sources.slice(0, index).find((before) => claimOf(before) === claimOf(one));
    const others = new Set(sources.map(claimOf));
    const without = ownClaims(inspected).find(
      ({ object: { metadata } }) => !others.has(`${metadata.namespace}/${metadata.name}`),
    );
    if (!other || !without) return [];
    return {
      message: `${titleOf(one)} and ${other.object.metadata.name} both back up claim ${claimOf(one)}, and nobody backs up ${without.object.metadata.name}`,
      remedy: "let sourcePVC be the workspace's own claim",
      ...inspected.placeOf(one, key("sourcePVC")),
    };
  });
}

/** A workspace without a backup beside one that has it. */
function withoutBackup(inspected: Inspected): Fault[] {
  const has = inspected.workspaces.filter(({ facts }) => facts.backup);
  return inspected.workspaces
    .filter(({ facts }) => !facts.backup && facts.claims.length > 0 && has.length > 0)
    .map(({ facts, object, at }) => ({
      message: `nobody backs up the claim of ${facts.name}, as that of ${has[0]?.facts.name} is`,
      remedy: "list templates/volsync, or the component, for it too",
      severity: "warning" as const,
      ...(object.by.release ? at(key("persistence")) : at(key("spec"))),
    }));
}

/** `storageClassName: ""` asks for a volume that somebody has made. */
function withoutClass(inspected: Inspected): Fault[] {
  return ownClaims(inspected)
    .filter((claim) => {
      const { storageClassName, volumeName, dataSourceRef } = claimSpecOf(claim);
      const { namespace, name } = claim.object.metadata;
      const isMade = inspected.of("PersistentVolume").some(({ object }) => {
        const { claimRef } = (object.spec ?? {}) as { claimRef?: { name?: string; namespace?: string } };
        return claimRef === undefined || (claimRef.name === name && claimRef.namespace === namespace);
      });
      return storageClassName === "" && volumeName === undefined && !isMade && dataSourceRef === undefined;
    })
    .map((claim) => ({
      message: `claim ${claim.object.metadata.name} asks for no class (storageClassName: ""), and nobody makes its volume: it stays Pending`,
      remedy: "leave storageClassName out: the default class is ceph-block",
      severity: "warning" as const,
      ...inspected.placeOf(claim, key("storageClassName")),
    }));
}

/** What brings a lost volume back. */
export const restoreRules = [
  rule({
    id: "restore-source",
    title: "claims are filled from VolSync",
    isBlocker: true,
    find: otherSources,
  }),
  rule({ id: "restore-unfit", title: "what is restored fits its claim", isBlocker: true, find: unfit }),
  rule({ id: "restore-endless", title: "restores are made once", find: endlessRestores }),
  rule({ id: "backup-twice", title: "each claim has its backup", find: oneClaimTwice }),
  rule({ id: "no-backup", title: "each workspace is backed up", find: withoutBackup }),
  rule({ id: "class-of-none", title: "claims ask for a class", pitfalls: [6], find: withoutClass }),
];
