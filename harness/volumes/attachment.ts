import { z } from "zod";
import { HarnessError } from "../base/index.ts";
import { type AnyObject, type Cluster, poolDir } from "../cluster/index.ts";
import { claim } from "../diagnosis/index.ts";

const change = z.object({
  /** ISO 8601 */
  at: z.string(),
  event: z.enum(["attach", "detach"]),
  volume: z.string(),
  node: z.string(),
});

/** One change of a volume's holder, as the storage itself has recorded it. */
export type HolderChange = z.infer<typeof change>;

/** Every change of the volume's holder, oldest first, from the storage's own journal. */
export async function attachmentHistory(cluster: Cluster, volume: string): Promise<HolderChange[]> {
  const handle = (
    (await cluster.objects.find({ apiVersion: "v1", kind: "PersistentVolume", name: volume })) as
      | AnyObject
      | undefined
  )?.spec?.csi?.volumeHandle as string | undefined;
  if (!handle) {
    throw new HarnessError(`PersistentVolume ${volume} should be a volume of ceph-block, and is none`, {
      code: "failed",
      remedy: "name no storageClassName: the default one, ceph-block, follows a pod to any node (pitfall 6)",
      look: [claim(undefined, "storageClassName")],
    });
  }
  const { output } = await cluster.server.exec(["sh", "-c", `cat ${poolDir}/attachments/${handle}/*.json`]);
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => change.parse(JSON.parse(line)));
}

/** Attach and detach took turns in it, so that no two nodes had the volume at once; `undefined`, or what is wrong. */
export function sharedAt(history: HolderChange[]): string | undefined {
  let holder: string | undefined;
  for (const { at, event, node } of history) {
    if (event === "attach" && holder !== undefined)
      return `attached to ${node} at ${at} while ${holder} had it`;
    if (event === "detach" && holder !== node) return `detached from ${node} at ${at}, which did not have it`;
    holder = event === "attach" ? node : undefined;
  }
  return undefined;
}

const oneHolder = {
  remedy:
    "one replica, strategy: Recreate and accessModes: [ReadWriteOnce]: the old pod lets go of the volume before the new one asks for it (pitfall 6)",
  look: [{ kind: "HelmRelease", field: ["spec", "values", "controllers"] }, claim(undefined, "accessModes")],
};

/** The volume is attached to this node alone, by its VolumeAttachment and by the storage's journal. */
export async function expectAttachedOnlyTo(cluster: Cluster, volume: string, node: string): Promise<void> {
  const [attachments, history] = await Promise.all([
    cluster.objects.all({ apiVersion: "storage.k8s.io/v1", kind: "VolumeAttachment" }),
    attachmentHistory(cluster, volume),
  ]);
  const here = attachments.filter(({ spec }) => spec?.source?.persistentVolumeName === volume);
  const where = here.map(
    ({ spec, status }) => `${spec?.nodeName}${status?.attached ? "" : " (not attached)"}`,
  );
  const details = history.map(({ at, event, node: of }) => `${at} ${event} ${of}`).join("\n");
  if (where.length !== 1 || where[0] !== node) {
    throw new HarnessError(
      `volume ${volume} has VolumeAttachments for ${where.join(", ") || "no node"}, not one for ${node} alone`,
      { code: "failed", details, ...oneHolder },
    );
  }
  const wrong = sharedAt(history);
  if (wrong === undefined && history.at(-1)?.node === node) return;
  throw new HarnessError(
    `volume ${volume} was not held by one node at a time: ${wrong ?? "another node has it"}`,
    {
      code: "failed",
      details,
      ...oneHolder,
    },
  );
}
