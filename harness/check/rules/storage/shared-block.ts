import type { Fault } from "../../finding.ts";
import { claimSpecOf, claimsOf } from "../../reading/claims.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface Pools {
  values?: { cephBlockPools?: { storageClass?: { name?: string; isDefault?: boolean } }[] };
}

/** The default class where the home says that it is one of RBD's: as a StorageClass, or for Rook's chart to make. */
function defaultBlockClass({ of }: Inspected): string | undefined {
  const annotated = of("StorageClass").find(
    ({ object: { metadata } }) =>
      metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true",
  );
  if (annotated) {
    const { provisioner = "" } = annotated.object as { provisioner?: string };
    return provisioner.includes("rbd") ? "rbd" : undefined;
  }
  const pools = of("HelmRelease").flatMap(
    ({ object }) => ((object.spec ?? {}) as Pools).values?.cephBlockPools ?? [],
  );
  return pools.find(({ storageClass }) => storageClass?.isDefault === true) && "rbd";
}

/** A block device with a file system on it is one node's. */
function sharedBlocks(inspected: Inspected): Fault[] {
  const defaultClass = defaultBlockClass(inspected);
  return inspected.workspaces
    .flatMap((workspace) => claimsOf(inspected, workspace))
    .filter((claim) => {
      const { accessModes = [], storageClassName = defaultClass, volumeMode } = claimSpecOf(claim);
      const isBlock = storageClassName !== undefined && /block|rbd/.test(storageClassName);
      return accessModes.includes("ReadWriteMany") && volumeMode !== "Block" && isBlock;
    })
    .map((claim) => ({
      message: `claim ${claim.object.metadata.name} asks for ReadWriteMany, which ceph-block cannot give: it stays Pending`,
      remedy: "write ReadWriteOnce",
      ...inspected.placeOf(claim, key("accessModes")),
    }));
}

export const sharedBlockRules = [
  rule({
    id: "shared-block",
    title: "no claim shares a block device",
    pitfalls: [6],
    isBlocker: true,
    find: sharedBlocks,
  }),
];
