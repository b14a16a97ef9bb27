import {
  failureOf,
  progressEvents,
  type Round,
  type RoundsDisplay,
  roundsDisplay,
} from "../../report/index.ts";
import type { StartedWorld } from "../../scenario/index.ts";
import { checkFirst } from "../check-first.ts";
import { type CommandContext, screenOf } from "../context.ts";
import { Causes } from "./causes.ts";
import { checkAndReread } from "./check-and-reread.ts";
import { listenToHands, whatKeysDo } from "./hands.ts";

/**
 * The world belongs to whoever sits at the terminal until they end it: `r` publishes the tree as it is now over what runs,
 * as a merge would.
 */
export async function handOver(
  context: CommandContext,
  world: StartedWorld,
  choices: Parameters<typeof checkFirst>[1],
): Promise<void> {
  const { rooms } = context;
  const { stdout, signal } = context;
  const title = world.access.workspaces.map(({ url }) => url).join("  ");
  const display = roundsDisplay(stdout, screenOf(context), { title, keys: whatKeysDo });
  const progress = progressEvents(display.emit);
  const ended = new AbortController();
  const causes = new Causes(AbortSignal.any([signal, ended.signal]));
  try {
    await using hands = listenToHands(context, {
      display,
      progress,
      world: () => world,
      again: () => causes.push("again"),
      end: () => ended.abort(),
    });
    for (let number = 1; ; number += 1) {
      const cause = await causes.take();
      await hands.free();
      if (!cause) return;
      const check = async () => void (await checkFirst({ rooms, progress, signal }, choices));
      await publishAgain({ world, display, check }, { number, cause: "again", at: cause.at });
    }
  } finally {
    display.close();
  }
}

interface Again {
  world: StartedWorld;
  display: RoundsDisplay;
  /** Throws where the tree can work in no cluster. */
  check(): Promise<void>;
}

async function publishAgain({ world, display, check }: Again, begun: Round): Promise<void> {
  const { task } = progressEvents(display.emit);
  let round = begun;
  const tell = (news: Partial<Round>) => {
    round = { ...round, ...news };
    display.show(round);
  };
  const since = () => Date.now() - begun.at;
  try {
    tell({});
    const { files, needs, why } = await checkAndReread(world, { check, task });
    tell({ cause: files.length === 1 ? `${files[0]}` : `${files.length} files` });
    if (needs === "a new world") {
      const message = `this tree needs a new world: ${why}`;
      return tell({ outcome: "failed", ms: since(), failure: { message, remedy: "npm run up" } });
    }
    tell({ beginning: "over the running workspaces" });
    await task("Publish the tree", () => world.publish());
    await task("Workspaces ready", () => world.ready());
    await world.keep(); // it stays as it is now
    tell({ outcome: "passed", ms: since() });
  } catch (error) {
    tell({ outcome: "failed", ms: since(), failure: failureOf(error) });
  }
}
