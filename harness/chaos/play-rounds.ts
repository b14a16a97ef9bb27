import { rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf, type Progress, removeLeftScratch, scratchDirectory } from "../base/index.ts";
import type { Ended } from "./ended.ts";
import type { Finding } from "./finding.ts";
import { type Ground, openGround } from "./ground.ts";
import type { Kind, Round } from "./round.ts";
import { differences, type Thing } from "./things.ts";

/** What came of a round. */
export interface Outcome extends Round {
  status: "passed" | "found" | "skipped";
  /** Of one that was skipped. */
  why?: string;
  findings: Finding[];
  /** How its commands have ended, and what they have said; of one with findings. */
  commands?: Ended[];
  /** How long it took. */
  ms: number;
}

export interface Playing {
  rounds: readonly Round[];
  kinds: readonly Kind[];
  progress: Progress;
  signal: AbortSignal;
  /** Opens the ground of the rounds in this folder. */
  open?: (directory: string, signal: AbortSignal) => Promise<Ground>;
  /** Keeps what tells more about a find, of which `directory` has the caches and results. */
  keepEvidence(outcome: Outcome, directory: string): Promise<void>;
}

/** Plays the rounds one after the other. Whatever one has left is not there in the next one. */
export async function playRounds(playing: Playing): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  await removeLeftScratch();
  const directory = await scratchDirectory("chaos");
  try {
    while (outcomes.length < playing.rounds.length)
      outcomes.push(...(await playUntilFind(playing, playing.rounds.slice(outcomes.length), directory)));
    return outcomes;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** On one ground, until there is something on it that does not belong there. */
async function playUntilFind(
  playing: Playing,
  rounds: readonly Round[],
  directory: string,
): Promise<Outcome[]> {
  const { progress, signal, kinds, open = openGround } = playing;
  const outcomes: Outcome[] = [];
  await using ground = await progress.task("a machine, and what others have on it", () =>
    open(directory, signal),
  );
  const before = await ground.look();
  for (const round of rounds) {
    const kind = kinds.find(({ name }) => name === round.kind) as Kind;
    const outcome = await progress.task(titleOf(round, kind), async (task) => {
      const outcome = await playOne(round, kind, ground, before);
      if (outcome.status !== "passed") task.note(wordsOf(outcome));
      return outcome;
    });
    outcomes.push(outcome);
    if (outcome.status !== "found") continue;
    await playing.keepEvidence(outcome, directory);
    break;
  }
  return outcomes;
}

async function playOne(round: Round, kind: Kind, ground: Ground, before: Thing[]): Promise<Outcome> {
  const startedAt = performance.now();
  const ended = (status: Outcome["status"], findings: Finding[] = []): Outcome => ({
    ...round,
    status,
    findings,
    ms: Math.round(performance.now() - startedAt),
  });
  const why = await kind.whyNot?.(ground);
  if (why !== undefined) return { ...ended("skipped"), why };
  const findings = await orFinding(async () => [
    ...(await kind.play(round, ground)),
    ...(await untilSettled(ground, before)),
  ]);
  ground.signal.throwIfAborted(); // with what fails first then
  const commands = ground.transcript();
  return findings.length > 0 ? { ...ended("found", findings), commands } : ended("passed");
}

/** What the round needs itself must work as well: an engine that starts, a disk that can be taken away. */
async function orFinding(work: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await work();
  } catch (error) {
    return [{ what: `the round could not be played to its end: ${messageOf(error)}` }];
  }
}

/** What has ended takes a moment to be gone. */
const settlesWithinMs = 5_000;

async function untilSettled(ground: Ground, before: Thing[]): Promise<Finding[]> {
  for (const deadline = performance.now() + settlesWithinMs; ; await delay(500)) {
    const found = differences(before, await ground.look());
    if (found.length === 0 || performance.now() > deadline) return found;
  }
}

/** As it is printed before the round: all that its seed has decided. */
export function titleOf({ number, act, atMs }: Round, { name, title }: Pick<Kind, "name" | "title">): string {
  return `round ${number}, ${name}: ${title}; ${act} after ${(atMs / 1_000).toFixed(1)} s`;
}

export function wordsOf({ status, why, findings }: Outcome): string {
  return status === "skipped" ? `skipped: ${why}` : findings.map(({ what }) => what).join("; ");
}
