import { join } from "node:path";
import { checkoutDir, silent } from "../../base/index.ts";
import { createRunDirectory, createRunId } from "../../report/index.ts";
import type { Probe, ProbeInput } from "./measure.ts";
import { memoryNow } from "./memory.ts";

const names = {
  workspaces: "nothing running → both workspaces answer through the gateway",
  memory: "memory of all containers",
};

/** Starts a world as `up` does, measures on the way, and removes it. */
export const worldStart: Probe = {
  name: "world",
  title: "World",
  measures: [
    { name: names.workspaces, unit: "s", limit: 60, aim: 30 },
    { name: names.memory, unit: "MiB", limit: 4_096 },
  ],
  async run({ context, images }) {
    const found = await startAndLook({ context, images, progress: silent });
    return { [names.workspaces]: found.readyMs / 1_000, [names.memory]: found.bytes / 1024 ** 2 };
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
  return { readyMs: performance.now() - begin, bytes: await memoryNow() };
}
