import type { RunResult } from "../result.ts";
import type { Timeline } from "../timeline.ts";
import { aboutView } from "./about-view.ts";
import { coverageView, provedCount } from "./coverage-view.ts";
import { failureView, type ShownFailure } from "./failure-view.ts";
import { homeView } from "./home-view.ts";
import { html } from "./html.ts";
import { egressView, fidelityView } from "./ledgers-view.ts";
import { divisionsOf, movesView } from "./moves-view.ts";
import { mutantsView } from "./mutants-view.ts";
import { pageHead } from "./page-head.ts";
import { picturesView } from "./pictures-view.ts";
import type { RunPageData } from "./run-page-data.ts";
import { failureId, scenariosView } from "./scenarios-view.ts";
import { type Page, renderPage, type Section } from "./shell.ts";
import { startEvidence } from "./start-evidence.ts";
import { stepEntry } from "./step-entry.ts";
import { timelineView } from "./timeline/timeline-view.ts";

/** The page of one run as a text. */
export function renderRunPage(data: RunPageData): Promise<string> {
  return renderPage(runPage(data));
}

function runPage(data: RunPageData): Page {
  const { result } = data;
  return {
    title: `${result.status}: ${result.runId}`,
    head: pageHead(result),
    sections: sectionsOf(data).filter((section) => section !== undefined),
    foot: html`<p>opencode-harness, run <code>${result.runId}</code>. This page asks nothing of the network.</p>`,
  };
}

function sectionsOf(data: RunPageData): (Section | undefined)[] {
  const { result, timeline, usage, fidelity, egress, home, coverage, pictures, leftOut } = data;
  const { scenarios, mutants, command, ms } = result;
  const failures = failuresOf(data);
  const divisions = timeline ? divisionsOf(timeline) : [];
  const own = command === "scenario" ? scenarios : [];
  const checkErrors = result.checkErrors ?? [];
  return [
    when(failures.length, () => ({
      id: "failures",
      title: "What is wrong",
      count: failures.length,
      body: html`<div>${failures.map(failureView)}</div>`,
    })),
    when(checkErrors.length, () => ({
      id: "check",
      title: "What the check finds in the tree",
      count: checkErrors.length,
      body: html`<div>
        <p>A cluster can be started with it, and no step fails for it; npm run check says what to do.</p>
        <ul>${checkErrors.map((error) => html`<li>${error}</li>`)}</ul>
      </div>`,
    })),
    when(mutants.length, () => ({
      id: "mutants",
      title: "Mutants",
      count: mutants.length,
      body: mutantsView(mutants),
    })),
    when(own.length, () => ({
      id: "scenarios",
      title: "Scenarios",
      count: own.length,
      body: scenariosView(own, timeline),
    })),
    when(timeline?.entries.length, () => ({
      id: "timeline",
      title: "Timeline",
      body: timeline ? timelineView({ timeline, scenarios, usage, ms }) : html`<p></p>`,
    })),
    when(divisions.length, () => ({
      id: "moves",
      title: "How a move's time divides",
      count: divisions.length,
      body: movesView(divisions),
    })),
    when(pictures.length + leftOut.length, () => ({
      id: "pictures",
      title: "What a browser was shown",
      count: pictures.length + leftOut.length,
      body: picturesView(pictures, leftOut),
    })),
    when(own.length && coverage.length, () => ({
      id: "coverage",
      title: "What is proved",
      count: `${provedCount(coverage, own)} of ${coverage.length}`,
      body: coverageView(coverage, own),
    })),
    when(fidelity.length, () => ({
      id: "fidelity",
      title: "What a green run does not prove",
      count: fidelity.length,
      body: fidelityView(fidelity),
    })),
    when(egress, (lines) => ({
      id: "egress",
      title: "Asked for outside",
      count: lines.length,
      body: egressView(lines),
    })),
    when(home, (parts) => ({
      id: "home",
      title: "What of the home takes no part",
      count: parts.leftOut.length + parts.kept.length,
      body: homeView(parts),
    })),
    { id: "about", title: "This run", body: aboutView(data) },
  ];
}

function when<T>(there: T | 0 | undefined, make: (there: T) => Section): Section | undefined {
  return there === undefined || there === 0 ? undefined : make(there);
}

/** Of the steps, of what was outside of them, and what stopped the run; for mutants only what stopped it. */
function failuresOf({ result, timeline, evidence, pictures }: RunPageData): ShownFailure[] {
  const ofScenarios = result.command === "scenario" ? scenarioFailures(result) : [];
  const stop: ShownFailure[] = result.error
    ? [{ id: "failure-run", who: "The run", step: "could not go on", failure: result.error }]
    : [];
  return [...ofScenarios, ...stop].map((shown) => {
    const own = evidence.find(({ label }) => label === shown.who);
    return {
      ...shown,
      evidence: shown.id === "failure-run" ? startEvidence(evidence, result) : own,
      since: timeline && startOf(timeline, shown),
      pictures: pictures.filter(
        ({ name }) => name.endsWith("-failed") && shown.failure.message.includes("browser"),
      ),
    };
  });
}

/** Kubernetes gives whole seconds. */
const roundedMs = 1_000;

function startOf(timeline: Timeline, { who, step }: ShownFailure): number | undefined {
  const entry = step === undefined ? undefined : stepEntry(timeline, { name: who }, { title: step });
  return entry && Date.parse(timeline.startedAt) + entry.startMs - roundedMs;
}

function scenarioFailures({ scenarios }: RunResult): ShownFailure[] {
  return scenarios.flatMap(({ name, steps, failure }) => [
    ...steps.flatMap(({ title, failure: why }) =>
      why ? [{ id: failureId(name, title), who: name, step: title, failure: why }] : [],
    ),
    ...(failure ? [{ id: failureId(name), who: name, failure }] : []),
  ]);
}
