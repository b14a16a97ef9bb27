// Sums up the JSON files of .ci/run; a part that left no file, or failed without a failed test, counts as one failure.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const dir = process.argv[2];

function read(name) {
  try {
    return JSON.parse(readFileSync(join(dir, name), "utf8"));
  } catch {
    return undefined;
  }
}

/** Each part that failed as a whole has at least one failure. */
function atLeastOne(hasFailed, { passed, failed }) {
  return { passed, failed: hasFailed ? Math.max(failed, 1) : failed };
}

function countTests(file) {
  return atLeastOne(!file?.success, { passed: file?.numPassedTests ?? 0, failed: file?.numFailedTests ?? 0 });
}

function countSteps(file) {
  const steps = (file?.scenarios ?? []).flatMap((scenario) => scenario.steps);
  const having = (status) => steps.filter((step) => step.status === status).length;
  return atLeastOne(file?.exitCode !== 0, { passed: having("passed"), failed: having("failed") });
}

function countMutants(file) {
  const mutants = file?.mutants ?? [];
  const passed = mutants.filter(({ outcome }) => outcome === "caught").length;
  return atLeastOne(file?.exitCode !== 0, { passed, failed: mutants.length - passed });
}

/** What did not pass, a line each: the sum stands at the end of a long output, and says little by itself. */
function failures({ tests, scenarios, mutants }) {
  const suites = tests?.testResults ?? [];
  return [
    ...suites.filter(({ status, assertionResults }) => status === "failed" && !assertionResults.length).map(({ name, message }) => `${name}: ${message}`),
    ...suites.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === "failed")
        .map(({ fullName, failureMessages }) => `${name}: ${fullName}: ${failureMessages.join(" ").slice(0, 600)}`),
    ),
    ...(scenarios?.scenarios ?? []).flatMap(({ name, steps }) =>
      steps.filter(({ status }) => status === "failed").map(({ title, failure }) => `${name}: ${title}: ${told(failure)}`),
    ),
    ...(mutants?.mutants ?? [])
      .filter(({ outcome }) => outcome !== "caught")
      .map(({ scenario, mutant, outcome, why }) => `${scenario}/${mutant}: ${outcome}: ${why ?? ""}`),
  ];
}

function told(failure) {
  return [failure?.message, failure?.details].filter(Boolean).join("; ");
}

const files = { tests: read("tests.json"), scenarios: read("scenarios.json"), mutants: read("mutants.json") };
const parts = {
  "unit tests": countTests(files.tests),
  "steps of scenarios": countSteps(files.scenarios),
  "mutants caught": countMutants(files.mutants),
};
for (const failure of failures(files)) console.log(`failed: ${failure.replaceAll("\n", " ")}`);
for (const [name, { passed, failed }] of Object.entries(parts)) console.log(`${name}: ${passed} passed, ${failed} failed`);
const sum = (key) => Object.values(parts).reduce((total, part) => total + part[key], 0);
process.exitCode = sum("failed") > 0 ? 1 : 0;
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
