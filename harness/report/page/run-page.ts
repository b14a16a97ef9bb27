import { aboutView } from "./about-view.ts";
import { changeView } from "./change-view.ts";
import { coverageView, provedCount } from "./coverage-view.ts";
import { failedWorkspace, failureView } from "./failure-view.ts";
import { homeView } from "./home-view.ts";
import { type Html, html } from "./html.ts";
import { egressCounts, egressView, fidelityView } from "./ledgers-view.ts";
import { divisionsOf, movesView } from "./moves-view.ts";
import { mutantsView } from "./mutants-view.ts";
import { pageHead } from "./page-head.ts";
import { picturesView } from "./pictures-view.ts";
import type { RunPageData } from "./run-page-data.ts";
import { scenariosView } from "./scenarios-view.ts";
import { type Page, renderPage, type Section } from "./shell.ts";
import { shownFailures } from "./shown-failures.ts";
import { timelineView } from "./timeline/timeline-view.ts";
import { count } from "./words.ts";

/** The page of one run as a text. */
export function renderRunPage(data: RunPageData): Promise<string> {
  return renderPage(runPage(data));
}

function runPage(data: RunPageData): Page {
  const { result } = data;
  return {
    title: `${result.status}: ${result.runId}`,
    head: pageHead(result, data.egress),
    sections: sectionsOf(data).filter((section) => section !== undefined),
    foot: html`<p>opencode-harness, run <code>${result.runId}</code>. This page asks nothing of the network.</p>`,
  };
}

function sectionsOf(data: RunPageData): (Section | undefined)[] {
  const { result, timeline, usage, fidelity, egress, home, coverage, pictures, leftOut, change } = data;
  const { scenarios, mutants, command, ms } = result;
  const failures = shownFailures(data);
  const divisions = timeline ? divisionsOf(timeline) : [];
  const own = command === "scenario" ? scenarios : [];
  const checkErrors = result.checkErrors ?? [];
  // Where something is wrong it says nothing of that.
  const aside = (title: string, body: Html) => (failures.length === 0 ? body : asideView(title, body));
  return [
    when(failures.length, () => ({
      id: "failures",
      title: "What is wrong",
      count: failures.length,
      body: html`<div>${failures.map(failureView)}</div>`,
    })),
    when(failures.length > 0 ? change : undefined, (found) => ({
      id: "changed",
      title: "What has changed in the tree",
      count: found.files.length,
      body: changeView(
        found,
        failures.flatMap((one) => failedWorkspace(one.failure, data.workspaces) ?? []),
      ),
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
      count: failures.length === 0 ? `${provedCount(coverage, own)} of ${coverage.length}` : undefined,
      body: aside(
        `${provedCount(coverage, own)} of ${coverage.length} in this run`,
        coverageView(coverage, own),
      ),
    })),
    when(fidelity.length, () => ({
      id: "fidelity",
      title: "What a green run does not prove",
      count: fidelity.length,
      body: aside(`${count(fidelity.length, "difference")} from production`, fidelityView(fidelity)),
    })),
    when(egress, (lines) => ({
      id: "egress",
      title: "Asked for outside",
      count: egressCounts(lines).names + egressCounts(lines).addresses,
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

function asideView(title: string, body: Html): Html {
  return html`<details class="aside"><summary>${title}</summary>${body}</details>`;
}

function when<T>(there: T | 0 | undefined, make: (there: T) => Section): Section | undefined {
  return there === undefined || there === 0 ? undefined : make(there);
}
