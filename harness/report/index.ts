export { compareRuns } from "./compare/compare-runs.ts";
export { type Comparison, comparisonSchema } from "./compare/comparison.ts";
export { renderComparison } from "./compare/markdown.ts";
export { type RunMeasures, runMeasuresSchema } from "./compare/measures.ts";
export { readMeasures } from "./compare/read-measures.ts";
export { formatBytes, formatDuration } from "./duration.ts";
export { failureOf } from "./failure.ts";
export { renderJunit } from "./junit.ts";
export { hasPassed, isInapplicable, passTogether } from "./lane-status.ts";
export { type LastTimes, openLastTimes } from "./last-times.ts";
export { reportFile } from "./page/report-file.ts";
export type { CoveredClaim } from "./page/run-page-data.ts";
export { writeLanesReport, writeReport } from "./page/write-report.ts";
export { type Paint, paintFor, plain, type Surface } from "./paint.ts";
export { createProgress, type Display, type Screen } from "./progress.ts";
export {
  type Emit,
  forwardProgress,
  type ProgressEvent,
  progressEvents,
  reparent,
} from "./progress-events.ts";
export type { Sink } from "./progress-sink.ts";
export { quoted } from "./quoted.ts";
export { redactIn } from "./redact-in.ts";
export {
  type Failure,
  type MutantResult,
  type RunResult,
  runResultSchema,
  type ScenarioResult,
  type StepResult,
} from "./result.ts";
export { firstEnd } from "./rounds/first-end.ts";
export type { Round } from "./rounds/round.ts";
export { type RoundsDisplay, roundsDisplay } from "./rounds/rounds-display.ts";
export {
  createRunDirectory,
  jsonToPrint,
  type RunDirectory,
  toJson,
  writeRedacted,
} from "./run-directory.ts";
export { createRunId } from "./run-id.ts";
export { statusOfAll } from "./status-of-all.ts";
export { formatTable } from "./table.ts";
export { createTimeline, type Timeline, type TimelineEntry } from "./timeline.ts";
export { renderVerdict } from "./verdict.ts";
export { byName, type WhereIs, whereOf } from "./where.ts";
