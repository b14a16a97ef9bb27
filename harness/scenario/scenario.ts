import { HarnessError, type Progress } from "../base/index.ts";
import type { TouchedBy } from "../check/index.ts";
import type { Need } from "../world/index.ts";
import { unknownClaims } from "./claims.ts";
import type { Coverage } from "./coverage.ts";
import { type Mutant, placesOf } from "./mutant.ts";
import type { World } from "./world.ts";

/** What a scenario asks of the world, so that several can use one: side by side, or one after the other. */
export interface WorldUse {
  /** It proves something about the first start of a workspace: nothing may have run in the world before. */
  isFirst?: true;
  /**
   * It takes nothing away from anybody: no pod, node, connection or stand-in. It may run beside others of its kind, and
   * each of them is there while the others run.
   */
  isGentle?: true;
  /**
   * Title of its first step that is not gentle. As far as there it runs beside the gentle ones; then it waits until it has the
   * world alone.
   */
  gentleUntil?: string;
}

export interface ScenarioHead {
  /** Same as the file: scenarios/<name>.scenario.ts. */
  name: string;
  title: string;
  covers: Coverage;
  /** Which changes of the manifests can turn its verdict, each with the reason; every one if not given. */
  touchedBy?: TouchedBy;
  /** If not given, it may disturb everything, and runs alone, after others. */
  world?: WorldUse;
  /** What a workspace must have for any of the steps; steps may need more. */
  needs?: readonly Need[];
  mutants: Mutant[];
}

export interface StepContext {
  /** Aborted when the step's time is over or the run is interrupted. */
  signal: AbortSignal;
  /** Shown below the step while it runs, and stored in the timeline. */
  progress: Progress;
}

export type StepRun = (world: World, context: StepContext) => Promise<void>;

export interface StepOptions {
  /** Longest time that the step may take, in milliseconds; 10 minutes if not given. */
  timeoutMs?: number;
  /** Takes minutes of waiting: it runs only where `--long` is given. */
  isLong?: boolean;
  /** What a workspace must have to be looked at; where none has it the step is not applicable. Nothing if not given. */
  needs?: readonly Need[];
}

export interface Step {
  title: string;
  run: StepRun;
  timeoutMs: number;
  isLong: boolean;
  needs: readonly Need[];
}

export interface Scenario extends ScenarioHead {
  steps: Step[];
}

type DefineStep = (title: string, run: StepRun, options?: StepOptions) => void;

const defaultStepTimeoutMs = 600_000;
const listeners = new Set<(scenario: Scenario) => void>();

/**
 * Defines a scenario; the default export of its file. Read plainly (`--list`, `mutants`) the file is only a definition;
 * in a vitest worker `worker/setup.ts` listens and registers each step as a test.
 */
export function scenario(head: ScenarioHead, body: (define: { step: DefineStep }) => void): Scenario {
  const steps: Step[] = [];
  body({
    step: (title, run, { timeoutMs = defaultStepTimeoutMs, isLong = false, needs = [] } = {}) =>
      steps.push({ title, run, timeoutMs, isLong, needs: [...(head.needs ?? []), ...needs] }),
  });
  const defined = { ...head, steps };
  assertSound(defined);
  for (const listener of listeners) listener(defined);
  return defined;
}

/** Calls `listener` with every scenario that is defined from now on. */
export function onScenarioDefined(listener: (scenario: Scenario) => void): void {
  listeners.add(listener);
}

function assertSound({ name, steps, mutants, covers, world }: Scenario): void {
  const wrong = (what: string) => new HarnessError(`scenario ${name}: ${what}`, { code: "usage" });
  if (steps.length === 0) throw wrong("has no steps");
  const [unknown] = unknownClaims(covers);
  if (unknown !== undefined) throw wrong(`covers "${unknown}", which no document asks for`);
  const titles = steps.map((step) => step.title);
  const twice = firstDuplicate(titles) ?? firstDuplicate(mutants.map((mutant) => mutant.name));
  if (twice !== undefined) throw wrong(`"${twice}" stands in it twice`);
  const mark = world?.gentleUntil;
  if (mark !== undefined && !titles.includes(mark)) {
    throw wrong(`is gentle until the step "${mark}", which does not exist`);
  }
  for (const mutant of mutants) {
    const wanted = placesOf(mutant).map(({ step }) => step);
    const missing = wanted.find((step) => !titles.includes(step));
    if (missing !== undefined) {
      throw wrong(`mutant ${mutant.name} wants to be caught by the step "${missing}", which does not exist`);
    }
    if (firstDuplicate(wanted) !== undefined) {
      throw wrong(`mutant ${mutant.name} names one step twice: one expression can hold both reasons`);
    }
  }
}

function firstDuplicate(names: string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
}
