import type { RunResult } from "../result.ts";
import type { IconName } from "./icons.ts";

/** How the status of a run is shown: a drawing, and always a word beside it. */
export const runStatus: Record<RunResult["status"], { symbol: IconName; word: string }> = {
  passed: { symbol: "passed", word: "passed" },
  failed: { symbol: "failed", word: "failed" },
  error: { symbol: "warning", word: "could not run" },
  interrupted: { symbol: "warning", word: "interrupted" },
  "not applicable": { symbol: "not applicable", word: "not applicable" },
};
