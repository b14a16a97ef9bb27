import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  createTimeline,
  type Failure,
  failureOf,
  firstEnd,
  type Round,
  type RoundsDisplay,
  type Sink,
} from "../../report/index.ts";
import type { LoadedScenario, TreeEdit } from "../../scenario/index.ts";
import type { WarmWorld } from "../../warm/index.ts";
import { type Session, type SessionHead, storeRun } from "../run-session.ts";
import { storeLedgers, type WorldChoices } from "../world-run.ts";
import type { Cause, Causes } from "./causes.ts";
import type { Hands } from "./hands.ts";
import { failedAt, runWatchRound } from "./watch-round.ts";

export interface WatchOptions extends WorldChoices {
  edit?: TreeEdit | undefined;
  junit?: string | undefined;
}

interface Watch {
  head: SessionHead;
  session: Session;
  scenarios: LoadedScenario[];
  options: WatchOptions;
  display: RoundsDisplay;
  /** Told every event. */
  sinks: Set<Sink>;
  warm: WarmWorld;
  causes: Causes;
  hands: Hands;
}

/** One round after the other, until there is no further cause. Returns whether the last that had a verdict has passed. */
export async function runWatchRounds(watch: Watch): Promise<boolean> {
  let hasPassed = false;
  for (let number = 1; ; number += 1) {
    const cause = await watch.causes.take();
    await watch.hands.free(); // the world stays as it is while somebody is in it
    if (cause === undefined) return hasPassed;
    const outcome = await runOne(watch, cause, number);
    if (outcome !== "overtaken") hasPassed = outcome === "passed";
  }
}

async function runOne(watch: Watch, cause: Cause, number: number): Promise<Round["outcome"]> {
  const { session: whole, display, sinks, warm, causes, scenarios, options } = watch;
  const signal = AbortSignal.any([whole.signal, causes.overtaking()]);
  const session: Session = { ...whole, signal, scenarios: [], mutants: [] };
  let round: Round = { number, cause: words[cause.kind], at: cause.at };
  const tell = (news: Partial<Round>) => {
    round = { ...round, ...news };
    display.show(round);
  };
  tell({});
  const timeline = createTimeline();
  const first = firstEnd(
    (title) => scenarios.some(({ steps: [step] }) => step !== undefined && title.endsWith(step.title)),
    (hasPassed, at) => tell({ first: { hasPassed, ms: at - cause.at } }),
  );
  for (const sink of [timeline, first]) sinks.add(sink);
  await rm(join(whole.directory.path, "evidence"), { recursive: true, force: true });
  try {
    const thrown = await thrownBy(() => runWatchRound({ ...options, session, warm, scenarios, cause, tell }));
    const error = thrown === undefined ? undefined : failureOf(thrown);
    if (signal.aborted) tell({ outcome: "overtaken", ms: Date.now() - cause.at });
    else tell({ ...verdictOf(session, error), ms: Date.now() - cause.at });
    if (!signal.aborted && error?.code === "environment") {
      await warm.discard();
      if (cause.kind === "start") throw thrown; // it will not be otherwise with the next save
    }
    if (round.outcome !== "overtaken") await store(watch, session, { cause, timeline, error });
    return round.outcome;
  } finally {
    for (const sink of [timeline, first]) sinks.delete(sink);
  }
}

const words = { start: "start", save: "a save", again: "again" };

async function thrownBy(work: () => Promise<void>): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error;
  }
}

function verdictOf(
  { scenarios }: Session,
  error: Failure | undefined,
): Pick<Round, "outcome" | "step" | "failure"> {
  if (error) return { outcome: "failed", failure: error };
  const hasPassed = scenarios.length > 0 && scenarios.every(({ status }) => status === "passed");
  return { outcome: hasPassed ? "passed" : "failed", ...failedAt(scenarios) };
}

/** results/<run>/ is about the last round: what stands there of the one before is replaced. */
async function store(
  { head, warm }: Watch,
  session: Session,
  {
    cause,
    timeline,
    error,
  }: {
    cause: Cause;
    timeline: ReturnType<typeof createTimeline>;
    error: Failure | undefined;
  },
): Promise<void> {
  if (warm.standing) await storeLedgers(session, warm.standing);
  await storeRun(head, session, {
    startedAt: new Date(cause.at),
    error,
    isInterrupted: false,
    timeline: timeline.timeline(),
  });
}
