import { join } from "node:path";
import { messageOf, type Whereabouts } from "../base/index.ts";
import { failureOf, type ScenarioResult, type WhereIs } from "../report/index.ts";
import {
  type ImageSource,
  type KeepPolicy,
  type LoadedScenario,
  runScenario,
  type StartedWorld,
  type StoreKind,
  type TreeEdit,
} from "../scenario/index.ts";
import { WarmWorld } from "../warm/index.ts";
import type { Session } from "./run-session.ts";

export interface WorldChoices {
  images: ImageSource;
  store: StoreKind;
  manifests: string;
  /** File that says what no Git holds; outside.yaml beside the tree if not given. */
  outside?: string | undefined;
  keep: KeepPolicy;
  /** Whether what cannot work stops the run before a cluster is started; it does if not given. */
  check?: boolean;
  /** In the world that was kept last. */
  reuse?: boolean | undefined;
  /** Steps that take minutes of waiting run too. */
  long?: boolean;
}

/** How one scenario is run in a world that others may use too. */
export interface ScenarioRun {
  /** Names the evidence and the console's log; the scenario's name if not given. */
  label?: string;
  junit?: string | undefined;
  isLong?: boolean | undefined;
  prefix?: string;
  /** Whether this failure's evidence is of use to anybody; of every failure if not given. */
  wantsEvidence?: (result: ScenarioResult) => boolean;
  /** Only so many steps, from the first. */
  steps?: number;
  /** Resolves when the scenario has the world to itself; it has from the beginning if not given. */
  alone?: () => Promise<void>;
}

/** Where the files of a run's n-th world are, from the run's directory: the first has that itself. */
const folderOf = (number: number) => (number === 1 ? "" : `world-${number}`);

/**
 * A world for this session, its descriptor stored; `mutant` edits the tree from the start. Of several at once each but
 * the first has a number: its run id ends with it, without a hyphen, since what belongs to a run is also found by
 * `<run id>-*`; its files are in a folder of that name.
 */
export async function openWorld(
  session: Session,
  choices: WorldChoices,
  mutant?: TreeEdit,
  number = 1,
): Promise<StartedWorld> {
  const { rooms, directory, progress, signal } = session;
  const runId = number === 1 ? session.runId : `${session.runId}w${number}`;
  const runDir = join(directory.path, folderOf(number));
  const options = { ...choices, runId, runDir, progress, signal, ...(mutant ? { mutant } : {}) };
  // Vitest is needed next and takes a second to load: while the world starts that costs nothing.
  const [world] = await Promise.all([rooms.startWorld(options), import("vitest/node")]);
  await directory.writeJson(join(folderOf(number), "world.json"), world.descriptor);
  return world;
}

/** A world that is started when it is needed, or with `reuse` the one that was kept last, in which nothing is published yet. */
export async function openWarmWorld(session: Session, choices: WorldChoices): Promise<WarmWorld> {
  const { rooms, directory, progress, signal, runId } = session;
  const warm = new WarmWorld({ progress, open: (edit) => openWorld(session, choices, edit) });
  if (choices.reuse) {
    const runDir = directory.path;
    const world = await rooms.reuseWorld({ ...choices, runId, runDir, progress, signal });
    warm.adopt(world);
    await directory.writeJson("world.json", world.descriptor);
  }
  return warm;
}

/**
 * Runs the scenario in the world as soon as that is there; what the steps need is loaded meanwhile. A failure leaves its
 * evidence in evidence/<label>/.
 */
export async function runInWorld(
  session: Session,
  coming: Promise<StartedWorld>,
  scenario: LoadedScenario,
  {
    label = scenario.name,
    junit,
    isLong = false,
    prefix = "",
    wantsEvidence = () => true,
    steps,
    alone,
  }: ScenarioRun = {},
): Promise<ScenarioResult> {
  const { emit, signal, directory, rooms, progress } = session;
  const lost = new AbortController();
  let whereIs: WhereIs | undefined;
  const descriptor = coming.then((world) => {
    follow(world.lost, lost);
    whereIs = (places) => world.whereIs(places);
    return world.descriptor;
  });
  const run = await runScenario(scenario, {
    descriptor,
    worldModule: rooms.worldModule,
    emit,
    signal: AbortSignal.any([signal, lost.signal]),
    consoleFile: join(directory.path, "console", `${label}.log`),
    whereIs: (places) => withChecked(session, whereIs?.(places) ?? []),
    isLong,
    prefix,
    ...(junit === undefined ? {} : { junit }),
    ...(steps === undefined ? {} : { steps }),
    ...(alone === undefined ? {} : { alone }),
  });
  const world = await coming;
  // What the steps saw of it are only its consequences.
  const isLost = world.lost.aborted && !signal.aborted;
  const result = isLost ? { ...run, status: "failed" as const, failure: failureOf(world.lost.reason) } : run;
  if (result.status === "failed" && !signal.aborted && wantsEvidence(result)) {
    await progress.task("Evidence", () =>
      attempt(session, "evidence", () => collect(world, directory.path, label)),
    );
  }
  return result;
}

/** What the check has found wrong is the likeliest cause of what fails now; what is to be judged may be one. */
function withChecked({ checked }: Session, places: Whereabouts[]): Whereabouts[] {
  return [...(checked?.wrong ?? []), ...places, ...(checked?.toJudge ?? [])];
}

/** Aborts it with the signal. */
function follow(signal: AbortSignal, abort: AbortController): void {
  if (signal.aborted) abort.abort(signal.reason);
  else signal.addEventListener("abort", () => abort.abort(signal.reason), { once: true });
}

function collect(world: StartedWorld, runDir: string, label: string): Promise<void> {
  return world.collectEvidence(join(runDir, "evidence", label));
}

/** A world that was kept once stays so. */
export const keepOf = ({ keep, reuse }: WorldChoices): KeepPolicy => (reuse ? "always" : keep);

export interface WorldEnd {
  keep: KeepPolicy;
  hasFailed: boolean;
  /** Which of the run's worlds it is, from 1; the first if not given. */
  number?: number;
}

/**
 * Asks the world for its ledgers and keeps it if that is wanted: the last acts before it is disposed of. Each world's
 * ledgers are stored; the result tells those of the first, and of names asked for outside those of all.
 */
export async function finishWorld(
  session: Session,
  world: StartedWorld,
  { keep, hasFailed, number = 1 }: WorldEnd,
): Promise<void> {
  await storeLedgers(session, world, number);
  const wanted = keep === "always" || (keep === "on-failure" && hasFailed);
  if (wanted && !session.signal.aborted) session.kept = await world.keep();
}

/** What the world has to say of itself, as it is now. */
export async function storeLedgers(session: Session, world: StartedWorld, number = 1): Promise<void> {
  const { directory } = session;
  await attempt(session, "usage", () =>
    directory.writeJson(join(folderOf(number), "usage.json"), world.usage()),
  );
  await attempt(session, "ledgers", async () => {
    const ledgers = await world.ledgers();
    session.ledgers = number === 1 ? ledgers : (session.ledgers ?? ledgers);
    if (ledgers.egress) session.egress = [...(session.egress ?? []), ...ledgers.egress];
    await directory.writeJson(join(folderOf(number), "fidelity.json"), ledgers.fidelity);
    if (ledgers.home) await directory.writeJson(join(folderOf(number), "home.json"), ledgers.home);
    if (ledgers.ending) await directory.writeJson(join(folderOf(number), "ending.json"), ledgers.ending);
    if (ledgers.egress) await directory.writeJson(join(folderOf(number), "egress.json"), ledgers.egress);
  });
}

/** The record of a run must not hide its result: trouble with it is a note. */
export async function attempt(session: Session, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    session.progress.note(`${what} incomplete: ${messageOf(error)}`);
  }
}
