export { formatBytes, formatDuration } from "./duration.ts";
export { failureOf } from "./failure.ts";
export { renderJunit } from "./junit.ts";
export { type Paint, paintFor, plain, type Surface } from "./paint.ts";
export { createProgress, type Display } from "./progress.ts";
export {
  type Emit,
  forwardProgress,
  type ProgressEvent,
  reparent,
} from "./progress-events.ts";
export { quoted } from "./quoted.ts";
export {
  type Failure,
  type MutantResult,
  type RunResult,
  runResultSchema,
  type ScenarioResult,
  type StepResult,
} from "./result.ts";
export { createRunDirectory, type RunDirectory, toJson, writeRedacted } from "./run-directory.ts";
export { createRunId } from "./run-id.ts";
export { formatTable } from "./table.ts";
export { createTimeline, type TimelineEntry } from "./timeline.ts";
export { renderVerdict } from "./verdict.ts";
export { byName, type WhereIs } from "./where.ts";
