import { formatDuration } from "../duration.ts";
import type { MutantResult } from "../result.ts";
import { longText } from "./excerpt-view.ts";
import { type Html, html } from "./html.ts";
import { type IconName, icon } from "./icons.ts";
import { count, firstLine, slug } from "./words.ts";

type Outcome = MutantResult["outcome"];

const symbols: Record<Outcome, IconName> = {
  caught: "passed",
  missed: "failed",
  "caught for the wrong reason": "warning",
  "not applicable": "not applicable",
};

/** The score as a grid, one square a mutant and one line a scenario; below it each in words. */
export function mutantsView(mutants: readonly MutantResult[]): Html {
  const scenarios = [...Map.groupBy(mutants, ({ scenario }) => scenario)];
  const notCaught = mutants.filter(isOpen);
  const outcomes = (Object.keys(symbols) as Outcome[]).map((outcome) => ({
    outcome,
    amount: countOf(mutants, outcome),
  }));
  return html`<div class="mutants">
    <ul class="score">
      ${outcomes
        .filter(({ amount, outcome }) => amount > 0 || outcome === "caught")
        .map(
          ({ outcome, amount }) =>
            html`<li class=${slug(outcome)}><b>${amount}</b> ${icon(symbols[outcome])} ${outcome}</li>`,
        )}
    </ul>
    <div class="squares">
      ${scenarios.map(
        ([scenario, ofScenario]) => html`<div class="line">
          <h3>${scenario} <span class="note">${countOf(ofScenario, "caught")} of ${ofScenario.length}</span></h3>
          <ul>${ofScenario.map(square)}</ul>
        </div>`,
      )}
    </div>
    ${
      notCaught.length > 0 &&
      html`<div class="not-caught">
      <h3>Not caught for the right reason</h3>
      ${list(notCaught)}
    </div>`
    }
    ${scenarios.map(([scenario, ofScenario]) =>
      scenarioView(
        scenario,
        ofScenario.filter((mutant) => !isOpen(mutant)),
      ),
    )}
  </div>`;
}

const idOf = ({ scenario, mutant }: MutantResult) => slug("mutant", scenario, mutant);

const countOf = (mutants: readonly MutantResult[], outcome: Outcome) =>
  mutants.filter((mutant) => mutant.outcome === outcome).length;

function square(mutant: MutantResult): Html {
  const { outcome, title } = mutant;
  const text = `${mutant.mutant}: ${outcome}`;
  return html`<li><a class=${slug(outcome)} href=${`#${idOf(mutant)}`} title=${`${text}. ${title}`} aria-label=${text}>${icon(symbols[outcome])}</a></li>`;
}

const isOpen = ({ outcome }: MutantResult) =>
  outcome === "missed" || outcome === "caught for the wrong reason";

function scenarioView(scenario: string, mutants: readonly MutantResult[]): Html {
  return html`<details>
    <summary><b>${scenario}</b> <span class="note">${count(countOf(mutants, "caught"), "mutant")} caught, and for what</span></summary>
    ${list(mutants)}
  </details>`;
}

function list(mutants: readonly MutantResult[]): Html {
  return html`<ol class="mutant-list">
    ${mutants.map(
      (mutant) => html`<li id=${idOf(mutant)} class=${slug(mutant.outcome)}>
        ${icon(symbols[mutant.outcome])}
        <div>
          <p><b>${isOpen(mutant) && `${mutant.scenario} / `}${mutant.mutant}</b> ${mutant.title} ${mutant.pitfall !== undefined && html`<span class="note">pitfall ${mutant.pitfall}</span>`}</p>
          ${isOpen(mutant) && mutant.why.includes("\n") ? longText(mutant.why, `what was seen of ${mutant.mutant}`) : html`<p class="note">${told(mutant)}</p>`}
        </div>
      </li>`,
    )}
  </ol>`;
}

function told({ outcome, ms, why }: MutantResult): string {
  return `${outcome}${outcome === "not applicable" ? "" : ` after ${formatDuration(ms)}`}: ${firstLine(why)}`;
}
