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
  using begun = beginRound(watch, cause, number);
  const { session, tell, timeline } = begun;
  const { warm, scenarios, options } = watch;
  await rm(join(session.directory.path, "evidence"), { recursive: true, force: true });
  const thrown = await thrownBy(() => runWatchRound({ ...options, session, warm, scenarios, cause, tell }));
  const ms = Date.now() - cause.at;
  if (session.signal.aborted) {
    tell({ outcome: "overtaken", ms });
    return "overtaken";
  }
  const error = thrown === undefined ? undefined : failureOf(thrown);
  const verdict = verdictOf(session, error);
  tell({ ...verdict, ms });
  if (error?.code === "environment") await warm.discard();
  await store(watch, session, { cause, timeline, error });
  // What cannot be started here at all will not be with the next save.
  if (error?.code === "environment" && cause.kind === "start") throw thrown;
  return verdict.outcome;
}

interface BegunRound extends Disposable {
  /** Ends with the next cause. */
  session: Session;
  /** Shows what is known now. */
  tell(news: Partial<Round>): void;
  timeline: ReturnType<typeof createTimeline>;
}

function beginRound(
  { session, display, sinks, causes, scenarios }: Watch,
  cause: Cause,
  number: number,
): BegunRound {
  let round: Round = { number, cause: words[cause.kind], at: cause.at };
  const tell = (news: Partial<Round>) => {
    round = { ...round, ...news };
    display.show(round);
  };
  const firstSteps = scenarios.flatMap(({ steps: [first] }) => (first ? [first.title] : []));
  const timeline = createTimeline();
  const first = firstEnd(
    (title) => firstSteps.some((one) => title.endsWith(one)),
    (hasPassed, at) => tell({ first: { hasPassed, ms: at - cause.at } }),
  );
  for (const sink of [timeline, first]) sinks.add(sink);
  tell({});
  return {
    session: {
      ...session,
      signal: AbortSignal.any([session.signal, causes.overtaking()]),
      scenarios: [],
      mutants: [],
    },
    tell,
    timeline,
    [Symbol.dispose]() {
      for (const sink of [timeline, first]) sinks.delete(sink);
    },
  };
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
