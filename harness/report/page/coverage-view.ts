import type { ScenarioResult } from "../result.ts";
import { type Html, html } from "./html.ts";
import { icon } from "./icons.ts";
import type { CoveredClaim } from "./run-page-data.ts";
import { slug } from "./words.ts";

const titles: Record<string, string> = {
  pitfall: "Pitfalls",
  checklist: "“Looks done but isn't” checklist",
  acceptance: "Acceptance criteria",
  system: "Systems",
};

type State = "passed" | "failed" | "not run" | "open";

const words: Record<State, string> = {
  passed: "proved in this run",
  failed: "not proved: its scenario failed",
  "not run": "not in this run",
  open: "covered by no scenario",
};

/** What the documents want proved, and what this run says of each. */
export function coverageView(claims: readonly CoveredClaim[], scenarios: readonly ScenarioResult[]): Html {
  const stateOf = ({ coveredBy }: CoveredClaim): State => {
    if (coveredBy.length === 0) return "open";
    const run = scenarios.filter(
      ({ name, status }) => coveredBy.includes(name) && status !== "not applicable",
    );
    if (run.length === 0) return "not run";
    return run.every(({ status }) => status === "passed") ? "passed" : "failed";
  };
  const kinds = [...Map.groupBy(claims, ({ kind }) => kind)];
  return html`<div class="coverage">
    ${kinds.map(([kind, ofKind]) => {
      const proved = ofKind.filter((claim) => stateOf(claim) === "passed").length;
      return html`<div>
        <h3>${titles[kind] ?? kind} <span class="note">${proved} of ${ofKind.length} proved in this run</span></h3>
        <ul class="claims">${ofKind.map((claim) => claimView(claim, stateOf(claim), scenarios))}</ul>
      </div>`;
    })}
  </div>`;
}

function claimView(
  { what, coveredBy, part }: CoveredClaim,
  state: State,
  scenarios: readonly ScenarioResult[],
): Html {
  const symbol = state === "passed" || state === "failed" ? state : state === "open" ? "warning" : "skipped";
  const links = coveredBy.map((name) =>
    scenarios.some((scenario) => scenario.name === name)
      ? html`<a href=${`#${slug("scenario", name)}`}>${name}</a> `
      : html`<span>${name}</span> `,
  );
  return html`<li class=${state.replace(" ", "-")}>
    ${icon(symbol)}
    <span class="what">${what}${part && html`: ${part}`}</span>
    <span class="note">${words[state]}${coveredBy.length > 0 && ": "}${links}</span>
  </li>`;
}

/** How many of the claims this run proves. */
export function provedCount(claims: readonly CoveredClaim[], scenarios: readonly ScenarioResult[]): number {
  const passed = scenarios.filter(({ status }) => status === "passed").map(({ name }) => name);
  const failed = scenarios.filter(({ status }) => status === "failed").map(({ name }) => name);
  return claims.filter(
    ({ coveredBy }) =>
      coveredBy.some((name) => passed.includes(name)) && !coveredBy.some((name) => failed.includes(name)),
  ).length;
}
