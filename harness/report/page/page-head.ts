import { formatDuration } from "../duration.ts";
import type { RunResult } from "../result.ts";
import { type Html, html } from "./html.ts";
import { icon } from "./icons.ts";
import { egressWords } from "./ledgers-view.ts";
import type { EgressLine } from "./run-page-data.ts";
import { runStatus } from "./run-status.ts";
import { countSteps, verdictSentence } from "./verdict-sentence.ts";
import { count } from "./words.ts";

/** The verdict in one sentence, and the few figures that go with it. */
export function pageHead(run: RunResult, egress: readonly EgressLine[] | undefined): Html {
  const isPlain = run.status !== "passed" || (run.checkErrors ?? []).length === 0;
  const { symbol, word } = isPlain
    ? runStatus[run.status]
    : { symbol: "warning" as const, word: "passed, but" };
  return html`<div class="verdict ${isPlain ? run.status.replace(" ", "-") : "error"}">
    <p class="kind">opencode-harness <span>${run.command === "mutants" ? "mutants" : "run"}</span></p>
    <h1>
      <span class="status">${icon(symbol)} ${word.charAt(0).toUpperCase()}${word.slice(1)}</span>
      <span class="sentence">${verdictSentence(run)}</span>
    </h1>
    <dl class="facts">${factsOf(run, egress).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
  </div>`;
}

function factsOf(run: RunResult, egress: readonly EgressLine[] | undefined): [string, Html | string][] {
  const { ms, startedAt, scenarios, fidelity } = run;
  return [
    ["Took", formatDuration(ms)],
    ...(scenarios.length > 0 && run.command === "scenario"
      ? [["Steps", stepCounts(run)] satisfies [string, Html]]
      : []),
    ...(fidelity > 0
      ? [
          ["Differs from production", html`<a href="#fidelity">in ${fidelity} points</a>`] satisfies [
            string,
            Html,
          ],
        ]
      : []),
    ...(egress
      ? [["Asked outside", html`<a href="#egress">${egressWords(egress)}</a>`] satisfies [string, Html]]
      : []),
    ...((run.checkErrors ?? []).length > 0
      ? [
          ["Check", html`<a href="#check">${count(run.checkErrors?.length ?? 0, "error")}</a>`] satisfies [
            string,
            Html,
          ],
        ]
      : []),
    ["Started", html`<time datetime=${startedAt}>${startedAt.slice(0, 16).replace("T", " ")} UTC</time>`],
  ];
}

function stepCounts({ scenarios }: RunResult): Html {
  const kinds = ["passed", "failed", "skipped", "not applicable"] as const;
  const counts = kinds.map((kind) => ({ kind, amount: countSteps(scenarios, kind) }));
  return html`<span class="counts">
    ${counts
      .filter(({ amount, kind }) => amount > 0 || kind === "passed")
      .map(
        ({ kind, amount }) =>
          html`<span class=${kind.replace(" ", "-")}>${icon(kind)} ${amount} ${kind}</span> `,
      )}
  </span>`;
}
