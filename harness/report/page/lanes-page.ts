import { formatDuration } from "../duration.ts";
import { hasPassed, isInapplicable, passTogether } from "../lane-status.ts";
import type { RunResult } from "../result.ts";
import { coverageView, provedCount } from "./coverage-view.ts";
import { failureView, type ShownFailure } from "./failure-view.ts";
import { type Html, html } from "./html.ts";
import { icon } from "./icons.ts";
import type { CoveredClaim, Evidence } from "./run-page-data.ts";
import { runStatus } from "./run-status.ts";
import { tally } from "./scenarios-view.ts";
import { type Page, renderPage } from "./shell.ts";
import { startEvidence } from "./start-evidence.ts";
import { count, listed, slug } from "./words.ts";

/** One lane: a scenario in a process of its own. */
export interface LaneOnPage {
  name: string;
  /** Missing where its process ended before it could say anything. */
  result: RunResult | undefined;
  /** Why what it left is not believed. */
  doubt?: string;
  /** From the page to the lane's own; missing where that is not beside it. */
  page?: string | undefined;
  /** What its failures have left behind, and the way there: it ends with a slash. */
  evidence: Evidence[];
  base?: string;
}

/** All lanes of one run of the workflow as one page. */
export function renderLanesPage(
  lanes: readonly LaneOnPage[],
  coverage: readonly CoveredClaim[],
): Promise<string> {
  return renderPage(lanesPage(lanes, coverage));
}

function lanesPage(lanes: readonly LaneOnPage[], coverage: readonly CoveredClaim[]): Page {
  const failures = lanes.flatMap(failuresOf);
  const scenarios = lanes.flatMap(({ result }) => result?.scenarios ?? []);
  return {
    title: `Lanes: ${sentence(lanes)}`,
    head: head(lanes),
    sections: [
      { id: "lanes", title: "Lanes", count: lanes.length, body: lanesTable(lanes) },
      ...(failures.length === 0
        ? []
        : [
            {
              id: "failures",
              title: "What is wrong",
              count: failures.length,
              body: html`<div>${failures.map(failureView)}</div>`,
            },
          ]),
      ...(coverage.length === 0
        ? []
        : [
            {
              id: "coverage",
              title: "What is proved",
              count: `${provedCount(coverage, scenarios)} of ${coverage.length}`,
              body: coverageView(coverage, scenarios),
            },
          ]),
    ],
    foot: html`<p>opencode-harness, ${count(lanes.length, "lane")}. This page asks nothing of the network.</p>`,
  };
}

function sentence(lanes: readonly LaneOnPage[]): string {
  const applicable = lanes.filter((lane) => !isInapplicable(lane));
  const left = lanes.filter(isInapplicable).map(({ name }) => name);
  const rest =
    left.length === 0 ? "" : `; ${listed(left)} ${left.length === 1 ? "does" : "do"} not apply to this tree`;
  const open = applicable.filter((lane) => !hasPassed(lane)).map(({ name }) => name);
  if (lanes.length === 0) return "There is no lane, so nothing is proved.";
  if (applicable.length === 0) return "No scenario applies to this tree, so nothing is proved.";
  if (open.length === 0)
    return applicable.length === 1
      ? `The one scenario passes${rest}.`
      : `All ${applicable.length} scenarios pass, each on a cluster of its own${rest}.`;
  return `${applicable.length - open.length} of ${applicable.length} scenarios pass; ${listed(open)} ${open.length === 1 ? "does" : "do"} not${rest}.`;
}

function head(lanes: readonly LaneOnPage[]): Html {
  const all = passTogether(lanes);
  const steps = lanes.flatMap(({ result }) => result?.scenarios ?? []).flatMap((scenario) => scenario.steps);
  const longest = Math.max(0, ...lanes.map(({ result }) => result?.ms ?? 0));
  return html`<div class="verdict ${all ? "passed" : "failed"}">
    <p class="kind">opencode-harness <span>lanes</span></p>
    <h1>
      <span class="status">${icon(all ? "passed" : "failed")} ${all ? "Passed" : "Failed"}</span>
      <span class="sentence">${sentence(lanes)}</span>
    </h1>
    <dl class="facts">
      <div><dt>Steps</dt><dd>${steps.filter(({ status }) => status === "passed").length} of ${steps.length} passed</dd></div>
      <div><dt>The longest lane took</dt><dd>${formatDuration(longest)}</dd></div>
    </dl>
  </div>`;
}

function lanesTable(lanes: readonly LaneOnPage[]): Html {
  return html`<div class="scenarios">${lanes.map(laneRow)}</div>`;
}

function laneRow({ name, result, doubt, page }: LaneOnPage): Html {
  const steps = result?.scenarios.flatMap((scenario) => scenario.steps) ?? [];
  const failed = steps.find(({ status }) => status === "failed");
  const title = result?.scenarios[0]?.title ?? "";
  const { symbol, word } = result
    ? runStatus[result.status]
    : { symbol: "warning" as const, word: doubt === undefined ? "no result" : "not believed" };
  return html`<article class="scenario ${(result?.status ?? "error").replace(" ", "-")}" id=${slug("scenario", name)}><div class="scenario-head">
    <span class="status">${icon(symbol)} ${word}</span>
    <span class="name">
      <b>${page === undefined ? name : html`<a href=${page}>${name}</a>`}</b> <span class="title">${title}</span>
      ${failed && html`<p class="note">at “${failed.title}”</p>`}
    </span>
    <span class="strip" aria-hidden="true">${steps.map((step) => html`<i class=${step.status.replace(" ", "-")}></i>`)}</span>
    <span class="note">${tally(steps)}</span>
    <span class="time">${result ? formatDuration(result.ms) : ""}</span>
  </div></article>`;
}

const noStart = "could not go on";

function failuresOf({ name, result, doubt, evidence, base }: LaneOnPage): ShownFailure[] {
  const shown = (failure: ShownFailure["failure"], step?: string): ShownFailure => ({
    id: slug("failure", name, step ?? "outside"),
    who: name,
    step,
    failure,
    evidence:
      result && step === noStart
        ? startEvidence(evidence, result)
        : evidence.find(({ label }) => label === name),
    ...(base === undefined ? {} : { base }),
  });
  if (doubt !== undefined) return [shown({ message: `what the lane left is not believed: ${doubt}` })];
  if (!result) return [shown({ message: "the lane left no result; its log says how it ended" })];
  return [
    ...result.scenarios.flatMap(({ steps, failure }) => [
      ...steps.flatMap((step) => (step.failure ? [shown(step.failure, step.title)] : [])),
      ...(failure ? [shown(failure)] : []),
    ]),
    ...(result.error ? [shown(result.error, noStart)] : []),
  ];
}
