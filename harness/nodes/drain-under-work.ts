import type { V1Pod } from "@kubernetes/client-node";
import type { Progress } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import {
  type DeployedWorkspace,
  gapOf,
  type HeldStream,
  holdBusyStreams,
  lostOn,
  seconds,
} from "../workspace/index.ts";
import { drain } from "./drain.ts";
import { followMove, type Move } from "./move.ts";

export interface Drained {
  /** When `kubectl drain` was started: milliseconds since 1970. */
  startedAt: number;
  /** One for each workspace that was on the node. */
  moves: Move[];
}

/** What the seeds allow from the drain to a pod that is Ready with its volume (pitfall 6). */
const moveWithinMs = 300_000;

/**
 * Drains a node while somebody works in each workspace on it: terminals and event streams are open and busy. Returns
 * when every workspace of the node is Ready elsewhere; notes the gap that the streams had, and what was lost on them.
 */
export async function drainUnderWork(
  cluster: Cluster,
  node: string,
  workspaces: readonly DeployedWorkspace[],
  { signal, progress }: { signal: AbortSignal; progress: Progress },
): Promise<Drained> {
  const pods = await Promise.all(
    workspaces.map(async (workspace) => ({ workspace, pod: await workspace.readyPod() })),
  );
  const here = pods.filter(({ pod }) => pod.spec?.nodeName === node);
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  await using held = new AsyncDisposableStack();
  const streams = await Promise.all(here.map(({ workspace }) => holdBusyStreams(workspace)));
  for (const stream of streams.flat()) held.use(stream);
  const startedAt = Date.now();
  const moving = here.map((one) => moveOf(one, either));
  const gaps = here.map(({ workspace }, index) => gapsOf(workspace, streams[index] ?? [], either));
  try {
    await Promise.all([drain(cluster, node), ...moving]);
    const told = await Promise.all(gaps);
    for (const line of told.flat()) progress.note(line);
    return { startedAt, moves: await Promise.all(moving) };
  } finally {
    over.abort();
    await Promise.allSettled([...moving, ...gaps]);
  }
}

function moveOf({ workspace, pod }: { workspace: DeployedWorkspace; pod: V1Pod }, signal: AbortSignal) {
  return followMove(workspace, pod, { timeoutMs: moveWithinMs, signal });
}

async function gapsOf(
  workspace: DeployedWorkspace,
  streams: readonly HeldStream[],
  signal: AbortSignal,
): Promise<string[]> {
  const user = await workspace.user();
  return Promise.all(
    streams.map(async (stream) => {
      const gapMs = await gapOf(stream, user, signal);
      return `${await lostOn(stream)}; the event stream is back after ${seconds(gapMs)} without a byte`;
    }),
  );
}
