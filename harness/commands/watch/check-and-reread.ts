import type { Progress } from "../../base/index.ts";
import type { StartedWorld, TreeChange } from "../../scenario/index.ts";

interface Looking {
  /** Throws where the tree can work in no cluster. */
  check(): Promise<void>;
  task: Progress["task"];
}

/**
 * Checks the tree and reads it for the world at once, since each takes seconds. What the check finds is told before what
 * cannot be read, and the world takes nothing over then. Nothing where no world stands.
 */
export async function checkAndReread(world: StartedWorld, looking: Looking): Promise<TreeChange>;
export async function checkAndReread(
  world: StartedWorld | undefined,
  looking: Looking,
): Promise<TreeChange | undefined>;
export async function checkAndReread(
  world: StartedWorld | undefined,
  { check, task }: Looking,
): Promise<TreeChange | undefined> {
  const reading = world && task("Read the tree", () => world.reread());
  const [checked, read] = await Promise.allSettled([check(), reading]);
  if (checked.status === "rejected") throw checked.reason;
  if (read.status === "rejected") throw read.reason;
  read.value?.take();
  return read.value?.change;
}
