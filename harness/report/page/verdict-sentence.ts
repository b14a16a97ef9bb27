import { formatDuration } from "../duration.ts";
import type { Failure, RunResult, ScenarioResult } from "../result.ts";
import { count, firstLine, listed } from "./words.ts";

/** What the run says, in one sentence. */
export function verdictSentence(run: RunResult): string {
  if (run.status === "interrupted") return `Interrupted after ${formatDuration(run.ms)}: ${proved(run)}.`;
  if (run.status === "error") return errorSentence(run);
  if (run.command === "mutants") return mutantsSentence(run);
  if (run.status === "not applicable") return inapplicableSentence(run);
  return run.status === "passed" ? passedSentence(run) : failedSentence(run);
}

/** What ran before the trouble, or beside it, counts all the same. */
function errorSentence(run: RunResult): string {
  const { command, scenarios, mutants } = run;
  const why = withoutStop(messageOf(troubleOf(run)));
  const passed = scenarios.filter(({ status }) => status === "passed");
  const failed = scenarios.filter(({ failure, steps }) =>
    [failure, ...steps.map((step) => step.failure)].some((one) => one && one.code !== "environment"),
  );
  if (command === "mutants")
    return mutants.length === 0
      ? `Nothing is proved: ${why}.`
      : `Not all mutants are judged: ${why}; before that, ${mutants.filter(({ outcome }) => outcome === "caught").length} of ${mutants.length} were caught.`;
  if (passed.length + failed.length === 0) return `Nothing is proved: ${why}.`;
  const whoPass =
    passed.length > fewNames ? `${passed.length} of ${scenarios.length} scenarios` : listed(namesOf(passed));
  const told = [
    ...(passed.length > 0 ? [`${whoPass} ${passed.length === 1 ? "passes" : "pass"}`] : []),
    ...(failed.length > 0 ? [`${listed(namesOf(failed))} ${failed.length === 1 ? "fails" : "fail"}`] : []),
  ];
  return `Not all is proved: ${why}; ${told.join(", ")}.`;
}

/** More are counted. */
const fewNames = 3;

const namesOf = (scenarios: readonly ScenarioResult[]) => scenarios.map(({ name }) => name);

function passedSentence({ scenarios, checkErrors = [] }: RunResult): string {
  if (scenarios.length === 0) return "No scenario has run.";
  const passed = scenarios.filter(({ status }) => status === "passed");
  const inapplicable = scenarios.filter(({ status }) => status === "not applicable");
  const left = countSteps(passed, "not applicable");
  const but = [
    ...(inapplicable.length === 0
      ? []
      : [`${listed(namesOf(inapplicable))} ${notApply(inapplicable.length)}`]),
    ...(left === 0 ? [] : [`${count(left, "step")} ${notApply(left)}`]),
    ...(checkErrors.length === 0
      ? []
      : [`but the check finds ${count(checkErrors.length, "error")} in them that no scenario shows`]),
  ].map((one) => `; ${one}`);
  const [only] = passed;
  if (passed.length === 1 && only) return `The manifests pass “${only.title}”${but.join("")}.`;
  return `The manifests pass all ${passed.length} scenarios${inapplicable.length === 0 ? "" : " that apply to them"}${but.join("")}.`;
}

const notApply = (amount: number) => `${amount === 1 ? "does" : "do"} not apply to this tree`;

function inapplicableSentence({ scenarios }: RunResult): string {
  return `Nothing is proved: ${listed(namesOf(scenarios))} ${notApply(scenarios.length)}.`;
}

/** More failures than this are told by their scenarios' names alone. */
const mostSteps = 2;

function failedSentence({ scenarios, options }: RunResult): string {
  const failed = scenarios.filter(({ status }) => status === "failed");
  const others = scenarios.filter(({ status }) => status === "passed").length;
  const rest =
    scenarios.length === 1
      ? ""
      : others === 0
        ? "; none passes"
        : `; the other ${others === 1 ? "one passes" : `${others} scenarios pass`}`;
  const edited = options.mutant === undefined ? "" : `With mutant ${options.mutant}, `;
  if (failed.length > mostSteps)
    return `${failed.length} of ${scenarios.length} scenarios fail: ${listed(failed.map(({ name }) => name))}${rest}.`;
  const told = failed.map(({ name, steps }) => {
    const step = steps.find(({ status }) => status === "failed");
    return `${name} fails ${step ? `at “${step.title}”` : "outside of its steps"}`;
  });
  return `${edited}${listed(told)}${rest}.`;
}

function mutantsSentence({ mutants }: RunResult): string {
  const caught = mutants.filter(({ outcome }) => outcome === "caught").length;
  const inapplicable = mutants.filter(({ outcome }) => outcome === "not applicable").length;
  const rest = inapplicable === 0 ? "" : `; ${inapplicable} cannot be made of this tree`;
  if (caught + inapplicable === mutants.length && caught > 0)
    return `All ${caught} mutants are caught, each for the right reason${rest}.`;
  if (inapplicable === mutants.length) return "Nothing is proved: no mutant can be made of this tree.";
  const open = mutants.length - caught - inapplicable;
  return `${open} of ${count(mutants.length, "mutant")} ${open === 1 ? "is" : "are"} not caught for the right reason${rest}.`;
}

function proved({ scenarios }: RunResult): string {
  const passed = scenarios.filter(({ status }) => status === "passed");
  return passed.length === 0
    ? "nothing is proved"
    : `only ${listed(passed.map(({ name }) => name))} had passed`;
}

/** What stopped a run that says nothing about the manifests. */
export function troubleOf({ error, scenarios }: RunResult): Failure | undefined {
  const failures = scenarios.flatMap(({ failure, steps }) => [failure, ...steps.map((step) => step.failure)]);
  return error ?? failures.find((one) => one?.code === "environment");
}

export function countSteps(scenarios: readonly ScenarioResult[], status: string): number {
  return scenarios.flatMap(({ steps }) => steps).filter((step) => step.status === status).length;
}

const messageOf = (failure: Failure | undefined) => firstLine(failure?.message ?? "no reason was given");

/** The sentence goes on. */
const withoutStop = (text: string) => text.replace(/[.:;]\s*$/, "");
