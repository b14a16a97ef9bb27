import { type Comparison, renderComparison } from "../report/index.ts";

export interface SeenComparison {
  /** What GitHub says of the job that has compared. */
  ended: string;
  /** Names of the scenarios that it was to run, as JSON. */
  touched: string;
}

/** What a change does, for a pull request. */
export function renderDifference(
  comparison: Comparison | undefined,
  { ended, touched }: SeenComparison,
): string {
  if (ended === "skipped") return without(whySkipped(touched));
  if (comparison === undefined)
    return without(`⚠️ The comparison left no result (${ended}); its log says how it ended.`);
  const text = renderComparison(comparison);
  return ended === "success"
    ? text
    : `${text}\n⚠️ The job of the comparison ended otherwise than well (${ended}): a scenario fails, or cannot be run, that passes on the base, or the job broke off.\n`;
}

const without = (why: string) => `## What the change does\n\n${why}\n`;

function whySkipped(touched: string): string {
  return touched === "[]"
    ? "Nothing that a scenario could see, as far as the check can tell: nothing was compared."
    : "⚠️ Nothing was compared: a job before that one ended otherwise than well.";
}
