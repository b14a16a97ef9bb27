import { z } from "zod";
import { currentTask } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import { attachmentHistory } from "../volumes/index.ts";
import type { Move } from "./move.ts";

/** A line of the CSI driver's log: one call, written when it was done. */
const call = z.looseObject({
  at: z.string(),
  message: z.string(),
  volume: z.string(),
  code: z.string().optional(),
});

export type DriverCall = z.infer<typeof call>;

/** The driver's calls that succeeded, from the log of its pod on one node. */
export function parseDriverLog(log: string): DriverCall[] {
  return log
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => call.safeParse(JSON.parse(line)).data)
    .filter((found): found is DriverCall => found !== undefined && found.code === undefined);
}

/** How long each part of a move took, in milliseconds; together they are the whole time without a workspace. */
export type MoveParts = { part: string; ms: number }[];

export interface Milestone {
  part: string;
  /** When this part was over; undefined where nothing recorded it. */
  at: number | undefined;
}

/** The time between each milestone and the one before. Kubernetes rounds some to seconds: no part is below 0. */
export function partsBetween(startAt: number, milestones: Milestone[]): MoveParts {
  let last = startAt;
  const end = milestones.findLast(({ at }) => at !== undefined)?.at ?? startAt;
  return milestones.flatMap(({ part, at }) => {
    if (at === undefined) return [];
    const until = Math.min(Math.max(at, last), end);
    const ms = until - last;
    last = until;
    return [{ part, ms }];
  });
}

/** What a move is made of, from the watch, the storage's journal and the CSI driver's logs. */
export async function partsOf(
  { pod, ...move }: Move,
  volume: string,
  startedAt: number,
): Promise<{ parts: MoveParts; unmountedAt: number }> {
  const { cluster } = move.workspace;
  const [history, left, entered] = await Promise.all([
    attachmentHistory(cluster, volume),
    driverCalls(cluster, move.from),
    driverCalls(cluster, move.to),
  ]);
  const handle = history[0]?.volume;
  const last = (calls: DriverCall[], message: string) =>
    timeOf(calls.findLast((made) => made.volume === handle && made.message === message)?.at);
  const changed = (event: string, node: string) =>
    timeOf(history.findLast((change) => change.event === event && change.node === node)?.at);
  const finished = (pod.status?.initContainerStatuses ?? []).map(
    ({ state }) => state?.terminated?.finishedAt,
  );
  const unmountedAt = last(left, "NodeUnpublishVolume");
  const parts = partsBetween(startedAt, [
    { part: "evict", at: move.evictedAt },
    { part: "end and unmount", at: last(left, "NodeUnstageVolume") },
    { part: "detach", at: changed("detach", move.from) },
    { part: "attach", at: changed("attach", move.to) },
    { part: "stage", at: last(entered, "NodeStageVolume") },
    {
      part: "init",
      at: Math.max(...finished.map((time) => (time ? new Date(time).getTime() : 0))) || undefined,
    },
    { part: "Ready", at: move.readyAt },
  ]);
  currentTask().record({
    what: "division",
    title: `${move.workspace.name} moves from ${move.from} to ${move.to}`,
    startedAt,
    parts,
  });
  return { parts, unmountedAt: unmountedAt ?? 0 };
}

async function driverCalls(cluster: Cluster, node: string): Promise<DriverCall[]> {
  const pods = await cluster.pods("rook-ceph", "app=csi-rbdplugin");
  const pod = pods.find(({ spec }) => spec?.nodeName === node)?.metadata?.name ?? "";
  return parseDriverLog(await cluster.log({ namespace: "rook-ceph", pod, container: "csi-rbdplugin" }));
}

function timeOf(iso: string | undefined): number | undefined {
  return iso === undefined ? undefined : new Date(iso).getTime();
}

/** For instance `9.8 s: evict 0.1, end and unmount 1.2, …`. */
export function partsInWords(parts: MoveParts): string {
  const total = parts.reduce((sum, { ms }) => sum + ms, 0);
  return `${(total / 1000).toFixed(1)} s: ${parts.map(({ part, ms }) => `${part} ${(ms / 1000).toFixed(1)}`).join(", ")}`;
}
