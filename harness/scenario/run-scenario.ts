import { join } from "node:path";
import { Writable } from "node:stream";
import type { TestCase, TestModule, TestRunResult, Vitest } from "vitest/node";
import { checkoutDir, orAborted } from "../base/index.ts";
import {
  type Emit,
  type Failure,
  renderJunit,
  type ScenarioResult,
  type StepResult,
  statusOfAll,
  type WhereIs,
  writeRedacted,
} from "../report/index.ts";
import type { WorldDescriptor } from "../world/started-world.ts";
import type { LoadedScenario } from "./load-scenarios.ts";
import { createStepReporter, durationOf } from "./step-reporter.ts";
import { failureOfTest } from "./test-failure.ts";
import { WaitingWorld } from "./waiting-world.ts";
import { withoutExitHandlers } from "./without-exit-handlers.ts";
import { notApplicableNote } from "./worker/not-applicable.ts";

declare module "vitest" {
  interface ProvidedContext {
    harnessWorld: {
      module: string;
      isLong: boolean;
      /** How many steps, from the first; all of them if not given. */
      steps?: number;
      /** Name of the channel on which the worker gets its world, and hears of an interruption. */
      channel: string;
    };
  }
}

export interface RunScenarioOptions {
  /** Of the world, as soon as the first step may begin in it; the worker is loaded meanwhile. */
  descriptor: Promise<WorldDescriptor>;
  /** Resolves when no other scenario is at work in the world, asked for when this one can share it no more; at once if not given. */
  alone?: () => Promise<void>;
  /** Absolute path of the module whose `attachWorld` joins the world in the worker. */
  worldModule: string;
  emit: Emit;
  signal: AbortSignal;
  /** Steps that take minutes of waiting run too. */
  isLong?: boolean;
  /** Only so many steps, from the first. */
  steps?: number;
  /** Shown before each step's title where several scenarios run. */
  prefix?: string;
  /** Tells where the manifests are to be looked at after a failure. */
  whereIs?: WhereIs;
  /** JUnit XML is written here. */
  junit?: string;
  /** What the steps write to the console is stored here. */
  consoleFile?: string;
}

/**
 * Runs the scenario's steps in a vitest worker, against the world that is described. Vitest itself prints nothing.
 * A failing step is part of the result; only trouble with vitest throws, and a world that does not come.
 */
export async function runScenario(
  scenario: LoadedScenario,
  options: RunScenarioOptions,
): Promise<ScenarioResult> {
  const { descriptor, alone = isAlone, signal, emit, prefix, whereIs, junit, consoleFile } = options;
  const reporter = createStepReporter(emit, prefix?.replace(/: $/, "") || scenario.name, prefix);
  const coming = orAborted(signal, descriptor);
  using waiting = new WaitingWorld({ descriptor: coming, alone });
  const vitest = await withoutExitHandlers(() => prepareVitest(scenario, options, reporter, waiting.name));
  const cancel = () => {
    waiting.interrupt();
    void vitest.cancelCurrentRun("keyboard-input");
  };
  const begun = coming.then(() => Date.now());
  begun.catch(cancel); // also when it has not even been asked for
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel(); // while vitest was made ready
  try {
    const run = await vitest.start();
    const result = resultOf(scenario, run, Date.now() - (await begun), whereIs);
    if (junit) await writeRedacted(junit, renderJunit(result));
    return result;
  } finally {
    signal.removeEventListener("abort", cancel);
    await vitest.close();
    // Vitest takes a failing test for a failing process; the command decides about the exit code.
    process.exitCode = undefined;
    if (consoleFile && reporter.consoleText()) await writeRedacted(consoleFile, reporter.consoleText());
  }
}

const isAlone = async () => {};

async function prepareVitest(
  scenario: LoadedScenario,
  { worldModule, isLong = false, steps }: RunScenarioOptions,
  reporter: ReturnType<typeof createStepReporter>,
  channel: string,
): Promise<Vitest> {
  const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });
  const { createVitest } = await import("vitest/node"); // a second of loading that --list and --help do not need
  return createVitest(
    {
      config: false,
      root: checkoutDir,
      dir: join(scenario.file, ".."),
      include: [scenario.file],
      exclude: [],
      watch: false,
      pool: "threads",
      fileParallelism: false,
      setupFiles: [join(import.meta.dirname, "worker", "setup.ts")],
      provide: {
        harnessWorld: {
          module: worldModule,
          isLong,
          channel,
          ...(steps === undefined ? {} : { steps }),
        },
      },
      reporters: [reporter],
    },
    {},
    { stdout: nowhere(), stderr: nowhere() },
  );
}

function resultOf(
  scenario: LoadedScenario,
  run: TestRunResult,
  ms: number,
  whereIs: WhereIs | undefined,
): ScenarioResult {
  const tests = run.testModules.flatMap((module) => [...module.children.allTests()]);
  const steps = tests.map((test) => stepOf(test, whereIs));
  const failure = failureOutside(run, steps.length);
  return {
    name: scenario.name,
    title: scenario.title,
    // A step that was interrupted counts as skipped for vitest: only a scenario of passed steps has passed.
    status: failure === undefined ? statusOfAll(steps.map(({ status }) => status)) : "failed",
    ms,
    steps,
    ...(failure === undefined ? {} : { failure }),
  };
}

function stepOf(test: TestCase, whereIs: WhereIs | undefined): StepResult {
  const { state, errors } = test.result();
  const why = notApplicableTo(test);
  if (why !== undefined) return { title: test.name, status: "not applicable", ms: 0, why };
  const status = state === "pending" ? "skipped" : state;
  const failure = status === "failed" && errors?.[0] ? { failure: failureOfTest(errors[0], whereIs) } : {};
  return { title: test.name, status, ms: durationOf(test) ?? 0, ...failure };
}

/** Why the step has nothing to look at in this tree. */
function notApplicableTo(test: TestCase): string | undefined {
  const result = test.result();
  const note = result.state === "skipped" ? result.note : undefined;
  return note?.startsWith(notApplicableNote) ? note.slice(notApplicableNote.length) : undefined;
}

/** Anything that went wrong beside the steps: the file could not be loaded, a promise was rejected behind their back. */
function failureOutside(run: TestRunResult, steps: number): Failure | undefined {
  const errors = [
    ...run.unhandledErrors,
    ...run.testModules.flatMap((module: TestModule) => module.errors()),
  ];
  if (errors.length > 0) return failureOfTest(errors[0]);
  return steps === 0 ? { message: "no step was run" } : undefined;
}
