import type { Fault } from "../../finding.ts";
import { type Inspected, specOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { replicationsIn } from "../../reading/replications.ts";
import { rule } from "../../rule.ts";

function backups(inspected: Inspected): Fault[] {
  const { objects, placeOf } = inspected;
  return replicationsIn(inspected)
    .filter(({ object }) => object.kind === "ReplicationSource")
    .flatMap((one) => {
      const { namespace = "", name } = one.object.metadata;
      const { sourcePVC = "" } = specOf<{ sourcePVC?: string }>(one);
      if (objects.find("PersistentVolumeClaim", { namespace, name: sourcePVC })) return [];
      if (ofStatefulSet(objects, namespace, sourcePVC)) return [];
      return {
        message: `ReplicationSource ${name} backs up claim ${namespace}/${sourcePVC}, which nobody makes`,
        remedy: "name the claim that the workspace mounts",
        ...placeOf(one, key("sourcePVC")),
      };
    });
}

/** `<template>-<StatefulSet>-<ordinal>`. */
function ofStatefulSet(objects: Inspected["objects"], namespace: string, claim: string): boolean {
  return objects.in("StatefulSet", namespace).some(({ metadata, spec }) => {
    const { volumeClaimTemplates = [] } = (spec ?? {}) as {
      volumeClaimTemplates?: { metadata?: { name?: string } }[];
    };
    const prefixes = volumeClaimTemplates.map((one) => `${one.metadata?.name}-${metadata.name}-`);
    return prefixes.some((prefix) => claim.startsWith(prefix) && /^\d+$/.test(claim.slice(prefix.length)));
  });
}

/** A mover that may not be root restores every file as its own; one without a user is nobody, and may not even read them all. */
function foreignMovers({ of, workspaces, placeOf }: Inspected): Fault[] {
  return workspaces.flatMap(({ facts: { name, namespace, uid, backup } }) => {
    const home = of("Namespace").find(({ object }) => object.metadata.name === namespace);
    const mayBeRoot = home?.object.metadata.annotations?.[privilegedMovers]?.toLowerCase() === "true";
    if (!backup || uid === undefined || mayBeRoot) return [];
    return ["ReplicationSource", "ReplicationDestination"].flatMap((kind) =>
      of(kind)
        .filter(({ object: { metadata } }) => metadata.namespace === namespace)
        .filter(({ object: { metadata } }) => [backup.source, backup.destination].includes(metadata.name))
        .flatMap((one) => {
          const mover = moverOf(one.object.spec);
          if (mover === uid) return [];
          const who = mover === undefined ? "nobody in particular" : `uid ${mover}`;
          const comes =
            mover === undefined && kind === "ReplicationSource"
              ? "it cannot read what only they may"
              : `what it restores belongs to ${mover ?? "nobody"}`;
          return {
            message: `${kind} ${one.object.metadata.name} moves files of uid ${uid} (${name}) as ${who}: ${comes}`,
            remedy: `annotate namespace ${namespace} with ${privilegedMovers}: "true", or let the mover be uid ${uid} (moverSecurityContext)`,
            ...placeOf(one, key(mover === undefined ? "restic" : "runAsUser")),
          };
        }),
    );
  });
}

const privilegedMovers = "volsync.backube/privileged-movers";

function moverOf(spec: unknown): number | undefined {
  const { restic } = (spec ?? {}) as { restic?: { moverSecurityContext?: { runAsUser?: number } } };
  return restic?.moverSecurityContext?.runAsUser;
}

/** What VolSync moves, and as whom. */
export const moverRules = [
  rule({ id: "backup-of-nothing", title: "backups name claims that are there", find: backups }),
  rule({
    id: "foreign-mover",
    title: "backups are moved as the user whose files they are, or as root",
    pitfalls: [1],
    find: foreignMovers,
  }),
];
