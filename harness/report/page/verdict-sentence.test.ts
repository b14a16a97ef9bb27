import { expect, it } from "vitest";
import type { RunResult, ScenarioResult } from "../result.ts";
import { sampleMutants } from "./sample/mutants.ts";
import { sampleResult } from "./sample/result.ts";
import { verdictSentence } from "./verdict-sentence.ts";

const dead = { message: "the engine does not answer.", code: "environment" } as const;

function scenario(name: string, failure?: ScenarioResult["failure"]): ScenarioResult {
  const step = { title: "acts", status: failure ? ("failed" as const) : ("passed" as const), ms: 1 };
  return {
    name,
    title: name,
    status: step.status,
    ms: 1,
    steps: [{ ...step, ...(failure ? { failure } : {}) }],
  };
}

const trouble = (run: Partial<RunResult>): RunResult => ({ ...sampleResult(), status: "error", ...run });

it("says that nothing is proved only where nothing is", () => {
  expect(verdictSentence(trouble({ scenarios: [], error: dead }))).toBe(
    "Nothing is proved: the engine does not answer.",
  );
  expect(verdictSentence(trouble({ scenarios: [scenario("drain", dead)] }))).toBe(
    "Nothing is proved: the engine does not answer.",
  );
});

it("tells what had come of the others where the surroundings broke", () => {
  const wrong = { message: "no pod", code: "failed" } as const;
  const scenarios = [scenario("a"), scenario("b"), scenario("c", wrong), scenario("d", dead)];
  expect(verdictSentence(trouble({ scenarios }))).toBe(
    "Not all is proved: the engine does not answer; a and b pass, c fails.",
  );
});

it("counts those that passed where they are many, and calls nothing passed that has not run", () => {
  const scenarios = [..."abcd"].map((name) => scenario(name));
  expect(verdictSentence(trouble({ scenarios: [...scenarios, scenario("e", dead)] }))).toBe(
    "Not all is proved: the engine does not answer; 4 of 5 scenarios pass.",
  );
  expect(verdictSentence({ ...sampleResult(), status: "passed", scenarios: [] })).toBe(
    "No scenario has run.",
  );
});

it("names the scenarios that do not apply to the tree, and counts none of them", () => {
  const [crash, backup] = ["crash", "backup"].map((name) => ({
    ...scenario(name),
    status: "not applicable" as const,
    steps: [{ title: "acts", status: "not applicable" as const, ms: 0 }],
  })) as [ScenarioResult, ScenarioResult];
  const run = { ...sampleResult(), status: "passed" as const };
  expect(verdictSentence({ ...run, scenarios: [scenario("a"), crash] })).toBe(
    "The manifests pass “a”; crash does not apply to this tree.",
  );
  expect(verdictSentence({ ...run, scenarios: [scenario("a"), crash, scenario("b"), backup] })).toBe(
    "The manifests pass all 2 scenarios that apply to them; crash and backup do not apply to this tree.",
  );
  expect(verdictSentence({ ...run, status: "not applicable", scenarios: [crash, backup] })).toBe(
    "Nothing is proved: crash and backup do not apply to this tree.",
  );
  const failing = { ...run, status: "failed" as const };
  expect(
    verdictSentence({ ...failing, scenarios: [scenario("a", { message: "no pod", code: "failed" }), crash] }),
  ).toBe("a fails at “acts”; none passes.");
});

it("is no plain green where the check finds errors", () => {
  const run = { ...sampleResult(), status: "passed" as const, scenarios: [scenario("a")] };
  expect(verdictSentence({ ...run, checkErrors: ["a.yaml:7 a token"] })).toBe(
    "The manifests pass “a”; but the check finds 1 error in them that no scenario shows.",
  );
});

it("tells how many mutants were caught before the surroundings broke", () => {
  const { mutants } = sampleMutants();
  const run = { ...sampleMutants(), status: "error" as const, error: dead };
  expect(verdictSentence({ ...run, mutants: mutants.slice(0, 3) })).toMatch(
    /^Not all mutants are judged: the engine does not answer; before that, \d of 3 were caught\.$/,
  );
  expect(verdictSentence({ ...run, mutants: [] })).toBe("Nothing is proved: the engine does not answer.");
});
