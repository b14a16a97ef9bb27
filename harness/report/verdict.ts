import { redact } from "../base/index.ts";
import { formatDuration } from "./duration.ts";
import { type Paint, plain } from "./paint.ts";
import type { Failure, MutantResult, RunResult, ScenarioResult, StepResult } from "./result.ts";
import { formatTable } from "./table.ts";

/** What a run proved, for the terminal: steps, failures, ledgers, where the rest is. */
export function renderVerdict(run: RunResult, paint: Paint): string {
  const blocks = [
    ...run.scenarios
      .filter(() => run.command === "scenario")
      .map((scenario) => renderScenario(scenario, paint)),
    ...(run.mutants.length > 0 ? [renderMutants(run.mutants, paint)] : []),
    ...(run.error === undefined ? [] : [renderFailure(run.error, paint)]),
    renderSummary(run, paint),
  ];
  return redact(`\n${blocks.join("\n\n")}\n`);
}

function renderScenario(scenario: ScenarioResult, paint: Paint): string {
  const rows = scenario.steps.map((step) => [
    `  ${symbolOf(step, paint)}`,
    step.title,
    paint("dim", timeOf(step)),
  ]);
  const head = `${paint("bold", `${scenario.name}: ${scenario.title}`)}`;
  const failures = [
    ...scenario.steps.flatMap((step) =>
      step.failure ? [renderFailure(step.failure, paint, step.title)] : [],
    ),
    ...(scenario.failure ? [renderFailure(scenario.failure, paint)] : []),
  ];
  return [[head, formatTable(rows)].filter(Boolean).join("\n"), ...failures].join("\n\n");
}

function timeOf({ status, ms, why }: StepResult): string {
  if (status === "skipped") return "skipped";
  return status === "not applicable" ? `not applicable: ${why ?? "to this tree"}` : formatDuration(ms);
}

function symbolOf({ status }: StepResult, paint: Paint): string {
  if (status === "skipped" || status === "not applicable") return paint("dim", "-");
  return status === "passed" ? paint("green", "✔") : paint("red", "✖");
}

function renderFailure(failure: Failure, paint: Paint, step?: string): string {
  const head = paint("red", step === undefined ? "Failed" : `Failed: ${step}`);
  return [head, ...failureLines(failure, paint).map(indent)].join("\n");
}

/** The evidence paragraph: expected and seen, what to do, where to look in the manifests; then what it goes by. */
export function failureLines(
  { message, remedy, where, at, details }: Failure,
  paint: Paint = plain,
): string[] {
  const lines = [message];
  if (remedy !== undefined) lines.push(`${paint("bold", "What to do:")} ${remedy}`);
  if (where !== undefined && where.length > 0)
    lines.push(`${paint("bold", "Where to look:")}${whereLines(where)}`);
  if (at !== undefined) lines.push(paint("dim", `at ${at}`));
  if (details !== undefined) lines.push(paint("dim", details));
  return lines;
}

function whereLines(where: string[]): string {
  return where.length === 1 ? ` ${where[0]}` : where.map((line) => `\n  ${line}`).join("");
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}

function renderMutants(mutants: MutantResult[], paint: Paint): string {
  const caught = mutants.filter(({ outcome }) => outcome === "caught").length;
  const rows = mutants.map(({ scenario, mutant, outcome, ms, why }) => [
    `  ${symbolOfOutcome(outcome, paint)}`,
    `${scenario}/${mutant}`,
    outcome,
    formatDuration(ms),
    firstLine(why),
  ]);
  const inapplicable = mutants.filter(({ outcome }) => outcome === "not applicable").length;
  const rest = inapplicable === 0 ? "" : `, ${inapplicable} not applicable to this tree`;
  const score = `${caught} of ${mutants.length} mutants caught for the right reason${rest}`;
  return `${formatTable(rows)}\n\n${paint(caught === mutants.length ? "green" : "red", score)}`;
}

function symbolOfOutcome(outcome: MutantResult["outcome"], paint: Paint): string {
  if (outcome === "not applicable") return paint("dim", "-");
  return outcome === "caught" ? paint("green", "✔") : paint("red", "✖");
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

function renderSummary(run: RunResult, paint: Paint): string {
  const rows = [
    ["Verdict", `${verdictWord(run, paint)} in ${formatDuration(run.ms)}`],
    ...(run.checkErrors ?? []).map((error, index) => [index === 0 ? "Check" : "", error]),
    ...(run.home?.blind ?? []).map((what, index) => [index === 0 ? "Not noticed" : "", what]),
    ...(run.home && run.home.leftOut + run.home.kept > 0 ? [["Home", homeLine(run.home)]] : []),
    // A run that never came to its ledgers has nothing to say of them.
    ...(run.fidelity === 0
      ? []
      : [
          ["Fidelity", fidelityLine(run.fidelity)],
          ...(run.egress ? [["Egress", egressLine(run.egress)]] : []),
        ]),
    ...(run.tree ? [["Tree", treeLine(run.tree)]] : []),
    ["Results", `${run.directory}   (npm run report opens its page)`],
    ...(run.kept === undefined ? [] : [["Kept", `${run.kept}   (npm run down removes it)`]]),
  ];
  return formatTable(rows);
}

const words: Record<RunResult["status"], string> = {
  passed: "passed",
  failed: "FAILED",
  error: "COULD NOT RUN",
  interrupted: "INTERRUPTED",
  "not applicable": "NOT APPLICABLE: nothing was proved",
};

/** What passes with errors is no plain green: no scenario shows them, and production will. */
function verdictWord({ status, checkErrors = [] }: RunResult, paint: Paint): string {
  if (status === "not applicable") return paint("yellow", words[status]);
  if (status !== "passed") return paint("red", words[status]);
  return checkErrors.length === 0
    ? paint("green", words.passed)
    : paint(
        "yellow",
        `passed, but the check finds ${count(checkErrors.length, "error")} that no scenario shows`,
      );
}

function homeLine({ leftOut, kept }: NonNullable<RunResult["home"]>): string {
  const told = [
    ...(leftOut === 0
      ? []
      : [
          `${count(leftOut, "Kustomization")} that no workspace needs ${leftOut === 1 ? "is" : "are"} suspended`,
        ]),
    ...(kept === 0
      ? []
      : [`${count(kept, "file")} of the tree ${kept === 1 ? "gives" : "give"} way to the home's own`]),
  ];
  return `${told.join(", ")} (home.json)`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

function fidelityLine(differences: number): string {
  return `${count(differences, "difference")} from production (fidelity.json: which, why, and what it could hide)`;
}

function egressLine({ asked, unanswered, refused = 0 }: NonNullable<RunResult["egress"]>): string {
  const names = `${count(asked, "question")} for a name outside of the cluster, ${unanswered} unanswered`;
  const addresses = refused === 0 ? "" : `; ${refused} for an address outside, refused`;
  return `${names}${addresses} (egress.json: who asked for what)`;
}

function treeLine({ published, applied }: { published: string; applied: string }): string {
  return published === applied
    ? `Flux applied ${applied}, the working tree as it was published`
    : `Flux applied ${applied}, but ${published} was published`;
}
