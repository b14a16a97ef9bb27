import type { OwnedObject } from "../../home/index.ts";
import type { Inspected, InspectedWorkspace } from "./inspected.ts";

export interface ClaimSpec {
  accessModes?: string[];
  storageClassName?: string;
  volumeName?: string;
  volumeMode?: string;
  dataSource?: DataSource;
  dataSourceRef?: DataSource;
  resources?: { requests?: { storage?: string | number } };
}

interface DataSource {
  kind?: string;
  name?: string;
  apiGroup?: string;
}

/** The claims of a workspace that are in the tree. */
export function claimsOf(inspected: Inspected, { facts }: InspectedWorkspace): OwnedObject[] {
  const names = new Set(facts.claims.map(({ name }) => name));
  return inspected
    .of("PersistentVolumeClaim")
    .filter(({ object: { metadata } }) => metadata.namespace === facts.namespace && names.has(metadata.name));
}

export const claimSpecOf = ({ object }: OwnedObject) => (object.spec ?? {}) as ClaimSpec;

export interface StatefulSpec {
  volumeClaimTemplates?: { metadata?: { name?: string }; spec?: ClaimSpec }[];
  persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string; whenScaled?: string };
}
