import { describe, expect, it } from "vitest";
import type { ScenarioResult } from "../report/index.ts";
import { judgeMutant } from "./mutant-outcome.ts";

const caughtBy = { step: "a backup is made", message: /mode 660/ };
const orCaughtBy = { step: "all is Ready", message: /git-clone[\s\S]*Permission denied/ };

/** A scenario of these two steps, of which one fails with these words. */
function failedAt(title?: string, message = "", details?: string): ScenarioResult {
  const failure = { message, ...(details === undefined ? {} : { details }) };
  const steps = [orCaughtBy.step, caughtBy.step].map((step) =>
    step === title
      ? { title: step, status: "failed" as const, ms: 1, failure }
      : { title: step, status: "passed" as const, ms: 1 },
  );
  return { name: "backup", title: "Backup", status: title ? "failed" : "passed", ms: 2, steps };
}

describe("a mutant", () => {
  it("is caught at its step, by message or details", () => {
    const result = failedAt(caughtBy.step, "a file is not as it was", "it has mode 660");
    expect(judgeMutant({ caughtBy }, result)).toEqual({
      outcome: "caught",
      why: "a file is not as it was\nit has mode 660",
    });
  });

  it.each([
    [
      "at another step",
      failedAt(orCaughtBy.step, "mode 660"),
      '"all is Ready" failed, not "a backup is made"',
    ],
    ["with other words", failedAt(caughtBy.step, "no snapshot"), "does not match /mode 660/: no snapshot"],
    [
      "beside every step",
      { ...failedAt(caughtBy.step, "mode 660"), failure: { message: "lost" } },
      "failed outside of its steps: lost",
    ],
  ])("is not caught for the right reason when the scenario fails %s", (_, result, why) => {
    expect(judgeMutant({ caughtBy }, result)).toEqual({
      outcome: "caught for the wrong reason",
      why: expect.stringContaining(why),
    });
  });

  it("is missed where every step passes", () => {
    expect(judgeMutant({ caughtBy, orCaughtBy }, failedAt())).toEqual({
      outcome: "missed",
      why: 'every step passed; "a backup is made" or "all is Ready" should have failed',
    });
  });
});

describe("a mutant with two places", () => {
  const both = { caughtBy, orCaughtBy };

  it("is caught at either, for that one's reason", () => {
    const late = failedAt(caughtBy.step, "auth.json has mode 660");
    const early = failedAt(orCaughtBy.step, "git-clone ended 2 times", "mkdir: Permission denied");
    expect([late, early].map((result) => judgeMutant(both, result).outcome)).toEqual(["caught", "caught"]);
  });

  it("is not caught at the one for the other's reason", () => {
    expect(judgeMutant(both, failedAt(orCaughtBy.step, "auth.json has mode 660"))).toEqual({
      outcome: "caught for the wrong reason",
      why: expect.stringContaining('"all is Ready" failed, but its message does not match /git-clone'),
    });
  });

  it("says both steps when a third one fails", () => {
    const result = failedAt();
    result.steps.unshift({ title: "first", status: "failed", ms: 1, failure: { message: "other" } });
    expect(judgeMutant(both, result).why).toContain('not "a backup is made" or "all is Ready"');
  });
});
