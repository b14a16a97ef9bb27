import type { ScenarioResult, StepResult } from "../result.ts";
import type { Timeline, TimelineEntry } from "../timeline.ts";

/** What the timeline knows of a step: a root by its title, with the scenario's (or mutant's) name before it in a run of several. */
export function stepEntry(
  timeline: Timeline | undefined,
  { name }: Pick<ScenarioResult, "name">,
  { title }: Pick<StepResult, "title">,
): TimelineEntry | undefined {
  const prefix = name.split("/").at(-1);
  return timeline?.entries.find((entry) => entry.title === title || entry.title === `${prefix}: ${title}`);
}
