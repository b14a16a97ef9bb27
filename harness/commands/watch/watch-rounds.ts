import { rm } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../base/index.ts";
import {
  createTimeline,
  type Failure,
  failureOf,
  firstEnd,
  type Round,
  type RoundsDisplay,
  type Sink,
  statusOfAll,
} from "../../report/index.ts";
import type { LoadedScenario, TreeEdit } from "../../scenario/index.ts";
import type { WarmWorld } from "../../warm/index.ts";
import { type Session, type SessionHead, storeRun } from "../run-session.ts";
import { storeLedgers, type WorldChoices } from "../world-run.ts";
import type { Cause, Causes } from "./causes.ts";
import type { Hands } from "./hands.ts";
import { NextRound } from "./next-round.ts";
import { failedAt, runWatchRound } from "./watch-round.ts";

export interface WatchOptions extends WorldChoices {
  edit?: TreeEdit | undefined;
  junit?: string | undefined;
  /** Told each round with all that is known of it, as often as more is. */
  told?: ((round: Round) => void) | undefined;
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

/** One round after the other, until there is no further cause. Returns whether the last that had a verdict found nothing wrong. */
export async function runWatchRounds(watch: Watch): Promise<boolean> {
  let isRight = false;
  let next = nextRound(watch);
  try {
    for (let number = 1; ; number += 1) {
      const cause = await watch.causes.take();
      await watch.hands.free(); // the world stays as it is while somebody is in it
      if (cause === undefined) return isRight;
      await using begun = await fresh(watch, next);
      next = nextRound(watch);
      const outcome = await runOne(watch, { begun, next, cause, number });
      if (outcome !== "overtaken") isRight = outcome !== "failed";
      if (!begun.session.signal.aborted) await makeReady(watch, next);
    }
  } finally {
    await next[Symbol.asyncDispose]();
  }
}

const nextRound = ({ session, scenarios, options: { edit, long, junit } }: Watch) =>
  new NextRound(session, scenarios, { edit, long, junit });

/** The round, or one that is loaded anew, where the scenarios were edited while nobody was looking. */
async function fresh(watch: Watch, next: NextRound): Promise<NextRound> {
  if (!(await next.isStale())) return next;
  await next[Symbol.asyncDispose]();
  return nextRound(watch);
}

/** Nobody waits: what the next save would have to wait for is done now. */
async function makeReady({ session, warm }: Watch, next: NextRound): Promise<void> {
  next.load();
  try {
    await warm.takeBack();
  } catch (error) {
    warm.left({ isSound: false });
    session.progress.note(`what a scenario has changed in Git stays there: ${messageOf(error)}`);
  }
}

interface Turn {
  begun: NextRound;
  /** Loaded as soon as this one has its first verdict. */
  next: NextRound;
  cause: Cause;
  number: number;
}

async function runOne(watch: Watch, turn: Turn): Promise<Round["outcome"]> {
  const { begun, cause } = turn;
  begun.overtakenBy(watch.causes.overtaking());
  using told = tellOf(watch, turn);
  const { session } = begun;
  const { tell } = told;
  const { warm, scenarios, options, head } = watch;
  await rm(join(session.directory.path, "evidence"), { recursive: true, force: true });
  const check = async () => head.first?.(session);
  const round = { ...options, begun, warm, scenarios, cause, check, tell };
  const { looked, thrown } = await outcomeOf(() => runWatchRound(round));
  const ms = Date.now() - cause.at;
  if (session.signal.aborted) {
    tell({ outcome: "overtaken", ms });
    return "overtaken";
  }
  const error = thrown === undefined ? undefined : failureOf(thrown);
  const verdict = verdictOf(session, error);
  tell({ ...verdict, ms });
  if (error?.code === "environment") await warm.discard();
  // What was proved before stands there.
  if (looked !== "as before") await store(watch, session, { cause, timeline: told.timeline, error });
  // What cannot be started here at all will not be with the next save.
  if (error?.code === "environment" && cause.kind === "start") throw thrown;
  return verdict.outcome;
}

interface Told extends Disposable {
  /** Shows what is known now. */
  tell(news: Partial<Round>): void;
  timeline: ReturnType<typeof createTimeline>;
}

function tellOf({ display, sinks, scenarios, options }: Watch, { cause, number, next }: Turn): Told {
  let round: Round = { number, cause: words[cause.kind], at: cause.at };
  const tell = (news: Partial<Round>) => {
    round = { ...round, ...news };
    display.show(round);
    options.told?.(round);
  };
  const firstSteps = scenarios.flatMap(({ steps: [first] }) => (first ? [first.title] : []));
  const timeline = createTimeline();
  const first = firstEnd(
    (title) => firstSteps.some((one) => title.endsWith(one)),
    (hasPassed, at) => {
      tell({ first: { hasPassed, ms: at - cause.at } });
      next.load();
    },
  );
  for (const sink of [timeline, first]) sinks.add(sink);
  tell({});
  return {
    tell,
    timeline,
    [Symbol.dispose]() {
      for (const sink of [timeline, first]) sinks.delete(sink);
    },
  };
}

const words = { start: "start", save: "a save", again: "again" };

async function outcomeOf<T>(work: () => Promise<T>): Promise<{ looked?: T; thrown?: unknown }> {
  try {
    return { looked: await work() };
  } catch (thrown) {
    return { thrown };
  }
}

function verdictOf(
  { scenarios }: Session,
  error: Failure | undefined,
): Pick<Round, "outcome" | "step" | "failure"> {
  if (error) return { outcome: "failed", failure: error };
  return { outcome: statusOfAll(scenarios.map(({ status }) => status)), ...failedAt(scenarios) };
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
