import { formatDuration } from "../duration.ts";
import type { ScenarioResult, StepResult } from "../result.ts";
import type { Timeline, TimelineEntry } from "../timeline.ts";
import { type Html, html } from "./html.ts";
import { icon } from "./icons.ts";
import { stepEntry } from "./step-entry.ts";
import { count, slug } from "./words.ts";

/** Every scenario with its steps; those that passed are folded where there are several. */
export function scenariosView(scenarios: readonly ScenarioResult[], timeline: Timeline | undefined): Html {
  return html`<div class="scenarios">
    ${scenarios.map((scenario) => scenarioView(scenario, timeline, scenarios.length === 1))}
  </div>`;
}

function scenarioView(scenario: ScenarioResult, timeline: Timeline | undefined, isOnly: boolean): Html {
  const { name, title, status, steps, ms } = scenario;
  const longest = Math.max(1, ...steps.map((step) => step.ms));
  const shown = (step: StepResult) => stepView(scenario, step, longest, stepEntry(timeline, scenario, step));
  const skipped = steps.filter((step) => step.status === "skipped");
  const run = steps.filter((step) => step.status !== "skipped");
  return html`<details class="scenario ${status.replace(" ", "-")}" id=${slug("scenario", name)} open=${isOnly || status === "failed"}>
    <summary class="scenario-head">
      <span class="status">${icon(status)} ${status}</span>
      <span class="name"><b>${name}</b> <span class="title">${title}</span></span>
      <span class="strip" aria-hidden="true">${steps.map((step) => html`<i class=${step.status.replace(" ", "-")}></i>`)}</span>
      <span class="note">${tally(steps)}</span>
      <span class="time">${formatDuration(ms)}</span>
    </summary>
    <ol class="steps">${run.map(shown)}</ol>
    ${
      skipped.length > 0 &&
      html`<details class="rest" open=${skipped.length < 4}>
        <summary>${count(skipped.length, "step")} after the failure ${skipped.length === 1 ? "was" : "were"} not run</summary>
        <ol class="steps">${skipped.map(shown)}</ol>
      </details>`
    }
  </details>`;
}

/** "7 of 9 steps, 1 not applicable". */
export function tally(steps: readonly StepResult[]): string {
  const left = steps.filter(({ status }) => status === "not applicable").length;
  const passed = steps.filter(({ status }) => status === "passed").length;
  return `${passed} of ${count(steps.length - left, "step")}${left === 0 ? "" : `, ${left} not applicable`}`;
}

function stepView(
  { name }: ScenarioResult,
  step: StepResult,
  longest: number,
  entry: TimelineEntry | undefined,
): Html {
  const { title, status, ms, why, failure } = step;
  const wasRun = status === "passed" || status === "failed";
  return html`<li class=${`step ${status.replace(" ", "-")}`}>
    ${icon(status)}
    <span class="title">${title}${!wasRun && html` <span class="note">${status}${why === undefined ? "" : `: ${why}`}</span>`}</span>
    <span class="meter" aria-hidden="true">${wasRun && html`<i style=${`width:${((100 * ms) / longest).toFixed(1)}%`}></i>`}</span>
    <span class="time">${wasRun ? formatDuration(ms) : ""}</span>
    ${(entry?.notes ?? []).length > 0 && html`<ul class="notes">${entry?.notes?.map(({ text }) => html`<li>${text}</li>`)}</ul>`}
    ${failure && html`<p class="why"><a href=${`#${failureId(name, title)}`}>${failure.message.split("\n", 1)[0]}</a></p>`}
  </li>`;
}

/** Where the failure of a step stands in the page. */
export const failureId = (scenario: string, step = "outside") => slug("failure", scenario, step);
