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

const parts = {
  "unit tests": countTests(read("tests.json")),
  "steps of scenarios": countSteps(read("scenarios.json")),
  "mutants caught": countMutants(read("mutants.json")),
};
for (const [name, { passed, failed }] of Object.entries(parts)) console.log(`${name}: ${passed} passed, ${failed} failed`);
const sum = (key) => Object.values(parts).reduce((total, part) => total + part[key], 0);
process.exitCode = sum("failed") > 0 ? 1 : 0;
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
