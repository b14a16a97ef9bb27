import { join } from "node:path";
import { checkoutDir } from "../../base/index.ts";
import {
  createRunDirectory,
  createRunId,
  createTimeline,
  progressEvents,
  type TimelineEntry,
} from "../../report/index.ts";
import type { Probe, ProbeInput } from "./measure.ts";
import { memoryOfRun } from "./memory.ts";

const names = {
  workspaces: "nothing running → both workspaces answer through the gateway",
  nodes: "3 nodes Ready",
  dns: "zero → running app and answering DNS (3 nodes)",
  memory: "memory of all containers",
};

/** Titles of the phases in the timeline; a phase that no room reports is not measured. */
const phases = { nodes: /nodes ready/i, dns: /dns answers/i };

/** Starts a world as `up` does, measures on the way, and removes it. */
export const worldStart: Probe = {
  title: "World",
  measures: [
    { name: names.nodes, unit: "s", limit: 6 },
    { name: names.dns, unit: "s", aim: 10 },
    { name: names.workspaces, unit: "s", limit: 60, aim: 30 },
    { name: names.memory, unit: "MiB", limit: 4_096 },
  ],
  async run({ context, images }) {
    const timeline = createTimeline();
    // The phases go to the timeline only: on the display a bench is one line a run.
    const found = await startAndLook({ context, images, progress: progressEvents(timeline.emit) });
    const nodes = findPhase(timeline.entries(), phases.nodes);
    const dns = findPhase(timeline.entries(), phases.dns);
    const values = {
      [names.nodes]: nodes?.ms === undefined ? undefined : nodes.ms / 1_000,
      [names.dns]: dns?.ms === undefined ? undefined : (dns.startMs + dns.ms) / 1_000,
      [names.workspaces]: found.readyMs / 1_000,
      [names.memory]: found.bytes / 1024 ** 2,
    };
    return Object.fromEntries(
      Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== undefined),
    );
  },
};

async function startAndLook({
  context,
  images,
  progress,
}: ProbeInput): Promise<{ readyMs: number; bytes: number }> {
  const rooms = context.rooms;
  const runId = createRunId("bench");
  const { path: runDir } = await createRunDirectory(context.resultsDir, runId);
  const begin = performance.now();
  await using world = await rooms.startWorld({
    images,
    store: "webhook",
    manifests: join(checkoutDir, "manifests"),
    keep: "never",
    runId,
    runDir,
    progress,
    signal: context.signal,
  });
  await world.ready();
  return { readyMs: performance.now() - begin, bytes: await memoryOfRun(runId) };
}

function findPhase(entries: TimelineEntry[], title: RegExp): TimelineEntry | undefined {
  for (const entry of entries) {
    const found = title.test(entry.title) ? entry : findPhase(entry.children, title);
    if (found) return found;
  }
  return undefined;
}
