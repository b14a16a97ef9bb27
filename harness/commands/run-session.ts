import { resolve } from "node:path";
import { messageOf, type Progress } from "../base/index.ts";
import {
  type CoveredClaim,
  createProgress,
  createRunDirectory,
  createRunId,
  createTimeline,
  type Emit,
  failureOf,
  jsonToPrint,
  type MutantResult,
  paintFor,
  type RunDirectory,
  type RunResult,
  renderVerdict,
  type ScenarioResult,
  type Timeline,
  toJson,
  writeRedacted,
  writeReport,
} from "../report/index.ts";
import type { Ledgers } from "../scenario/index.ts";
import { type CommandContext, screenOf } from "./context.ts";
import { concludeRun } from "./exit-code.ts";
import type { Checked, Rooms } from "./rooms.ts";

/** One run of `scenario` or `mutants`: what it has found so far, and where it writes. */
export interface Session {
  runId: string;
  directory: RunDirectory;
  rooms: Rooms;
  progress: Progress;
  emit: Emit;
  signal: AbortSignal;
  scenarios: ScenarioResult[];
  mutants: MutantResult[];
  ledgers?: Ledgers;
  /** What the check has said of the tree, where it is run as it is. */
  checked?: Checked | undefined;
  /** Who asked for names outside, in all worlds so far. */
  egress?: NonNullable<Ledgers["egress"]>;
  /** The command that re-enters the kept cluster. */
  kept?: string;
}

export interface SessionHead {
  command: RunResult["command"];
  /** The part of the run id that says what ran. */
  what: string;
  options: RunResult["options"];
  /** A file, or "-" for standard output. */
  json?: string | undefined;
  /** Comes before anything is started or removed. */
  first?(session: Session): Promise<void>;
  /** What is to be proved, and by which of all scenarios. */
  coverage: CoveredClaim[];
}

/** Runs `work` with progress, stores what came of it under results/<run>/, prints the verdict, returns the exit code. */
export async function runSession(...run: Parameters<typeof resultOfSession>): Promise<number> {
  return (await resultOfSession(...run)).exitCode;
}

/** The same, for whoever goes on with what came of it. */
export async function resultOfSession(
  context: CommandContext,
  head: SessionHead,
  work: (session: Session) => Promise<void>,
): Promise<RunResult> {
  const startedAt = new Date();
  const runId = createRunId(head.what, startedAt);
  const directory = await createRunDirectory(context.resultsDir, runId);
  const timeline = createTimeline();
  const stream = head.json === "-" ? context.stderr : context.stdout;
  const screen = screenOf(context, stream);
  const display = createProgress(stream, screen, [timeline]);
  const { progress, emit } = display;
  const session: Session = {
    runId,
    directory,
    rooms: context.rooms,
    progress,
    emit,
    signal: context.signal,
    scenarios: [],
    mutants: [],
  };
  const error = await outcomeOf(async () => {
    await head.first?.(session);
    await session.rooms.removeLeftovers({
      resultsDir: context.resultsDir,
      progress,
      kept: false,
      signal: context.signal,
    });
    context.signal.throwIfAborted();
    await work(session);
  });
  display.close();
  const result = resultOf(head, session, { startedAt, error, isInterrupted: context.signal.aborted });
  stream.write(renderVerdict(result, paintFor(screen))); // first: a full disk must not cost the verdict
  if (head.json === "-") context.stdout.write(jsonToPrint(result, context.env));
  await storeResult(head, directory, result, timeline.timeline());
  // A picture of the run must not change what it says.
  await writeReport(directory.path).catch((error: unknown) => {
    context.stderr.write(`there is no report.html of this run: ${failureOf(error).message}\n`);
  });
  return result;
}

async function storeResult(
  { json, coverage }: SessionHead,
  directory: RunDirectory,
  result: RunResult,
  timeline: Timeline,
): Promise<void> {
  await directory.writeJson("timeline.json", timeline);
  await directory.writeJson("coverage.json", coverage);
  await directory.writeJson("result.json", result);
  if (json !== undefined && json !== "-") await writeRedacted(resolve(json), toJson(result));
}

interface RunEnd {
  startedAt: Date;
  error: RunResult["error"];
  isInterrupted: boolean;
}

/** Stores what came of a run that is a part of a longer one; its page too. */
export async function storeRun(
  head: SessionHead,
  session: Session,
  { timeline, ...end }: RunEnd & { timeline: Timeline },
): Promise<void> {
  await storeResult(head, session.directory, resultOf(head, session, end), timeline);
  await writeReport(session.directory.path).catch((error: unknown) => {
    session.progress.note(`there is no report.html of this run: ${messageOf(error)}`);
  });
}

async function outcomeOf(work: () => Promise<void>): Promise<RunResult["error"]> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return failureOf(error);
  }
}

function resultOf(
  { command, options }: SessionHead,
  { runId, directory, scenarios, mutants, ledgers, egress, kept, checked }: Session,
  end: RunEnd,
): RunResult {
  const { startedAt, error, isInterrupted } = end;
  return {
    version: 1,
    runId,
    command,
    ...concludeRun({ command, isInterrupted, error, scenarios, mutants }),
    startedAt: startedAt.toISOString(),
    ms: Date.now() - startedAt.getTime(),
    options,
    ...(ledgers?.tree ? { tree: ledgers.tree } : {}),
    scenarios,
    mutants,
    fidelity: ledgers?.fidelity.length ?? 0,
    ...(egress ? { egress: summaryOf(egress) } : {}),
    ...(ledgers?.home ? { home: countsOf(ledgers.home) } : {}),
    ...(checked && checked.wrong.length > 0 ? { checkErrors: checked.wrong.map(({ told }) => told) } : {}),
    ...(error === undefined ? {} : { error }),
    ...(kept === undefined ? {} : { kept }),
    directory: directory.path,
  };
}

function countsOf({ leftOut, kept, blind }: NonNullable<Ledgers["home"]>): RunResult["home"] {
  return { leftOut: leftOut.length, kept: kept.length, blind };
}

/** The same asked in two worlds counts once. */
function summaryOf(egress: NonNullable<Session["egress"]>): RunResult["egress"] {
  const entries = new Map(egress.map((one) => [`${one.who} ${one.name} ${one.isAnswered}`, one]));
  const names = [...entries.values()].filter(({ isAddress }) => !isAddress);
  const unanswered = names.filter(({ isAnswered }) => !isAnswered);
  return { asked: names.length, unanswered: unanswered.length, refused: entries.size - names.length };
}
