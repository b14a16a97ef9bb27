import { dirname, join, resolve } from "node:path";
import { exitCodes, HarnessError } from "../../base/index.ts";
import { watchTree } from "../../gitops/index.ts";
import {
  createRunDirectory,
  createRunId,
  type Emit,
  progressEvents,
  type RoundsDisplay,
  roundsDisplay,
} from "../../report/index.ts";
import type { LoadedScenario } from "../../scenario/index.ts";
import { type CommandContext, screenOf } from "../context.ts";
import type { Session, SessionHead } from "../run-session.ts";
import { finishWorld, keepOf, openWarmWorld } from "../world-run.ts";
import { Causes } from "./causes.ts";
import { listenToHands, whatKeysDo } from "./hands.ts";
import { runWatchRounds, type WatchOptions } from "./watch-rounds.ts";

/**
 * Runs the scenarios again with each save, in one world that is kept warm, until the person ends it. results/<run>/ has the
 * last round. Returns the exit code.
 */
export async function watchCommand(
  context: CommandContext,
  head: SessionHead,
  scenarios: LoadedScenario[],
  options: WatchOptions,
): Promise<number> {
  if (head.json === "-") {
    throw new HarnessError("--json - cannot go with --watch: standard output shows the rounds", {
      code: "usage",
      remedy: "--json FILE has the last round",
    });
  }
  const { stdout, resultsDir, rooms } = context;
  const screen = screenOf(context);
  const title = `${head.what}, again with each save in ${options.manifests}`;
  const display = roundsDisplay(stdout, screen, { title, keys: whatKeysDo });
  const sinks = new Set([display, ...(screen.lastTimes ? [screen.lastTimes] : [])]);
  const ended = new AbortController();
  const signal = AbortSignal.any([context.signal, ended.signal]);
  const session = await openSession(context, head, signal, (event) => {
    for (const sink of sinks) sink.emit(event);
  });
  const causes = new Causes(signal);
  let kept: string | undefined;
  try {
    await head.first?.(session);
    await rooms.removeLeftovers({ resultsDir, progress: session.progress, kept: false, signal });
    await using warm = await openWarmWorld(session, options);
    await using _saves = await watchTree(watchedBy(options), (at) => causes.push("save", at));
    await using hands = listenToHands(context, {
      display,
      progress: session.progress,
      world: () => warm.standing,
      again: () => causes.push("again"),
      end: () => ended.abort(new HarnessError("the watch was ended", { code: "interrupted" })),
    });
    causes.push("start");
    const watch = { head, session, scenarios, options, display, sinks, warm, causes, hands };
    const hasFailed = !(await runWatchRounds(watch));
    const last = { ...session, signal: context.signal };
    if (warm.standing) await finishWorld(last, warm.standing, { keep: keepOf(options), hasFailed });
    kept = last.kept;
  } finally {
    close(display, screen.lastTimes);
  }
  stdout.write(`${session.directory.path}   (npm run report opens the last round's page)\n`);
  if (kept !== undefined) stdout.write(`Kept: ${kept}   (--reuse goes on in it)\n`);
  return context.signal.aborted ? exitCodes.interrupted : 0;
}

function close(display: RoundsDisplay, lastTimes: { close(): void } | undefined): void {
  display.close();
  lastTimes?.close();
}

async function openSession(
  { resultsDir, rooms }: CommandContext,
  { what }: SessionHead,
  signal: AbortSignal,
  emit: Emit,
): Promise<Session> {
  const runId = createRunId(what);
  const directory = await createRunDirectory(resultsDir, runId);
  const progress = progressEvents(emit);
  return { runId, directory, rooms, progress, emit, signal, scenarios: [], mutants: [] };
}

/** What no Git holds counts too: the file that is given, or those that are looked for beside the tree. */
function watchedBy({ manifests, outside }: WatchOptions): Parameters<typeof watchTree>[0] {
  const directories = [manifests, dirname(resolve(manifests))];
  const others = outside === undefined ? directories.map((one) => join(one, "outside.yaml")) : [outside];
  return { manifests, others };
}
