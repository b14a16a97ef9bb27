import { messageOf } from "../base/index.ts";
import type { Tree } from "../gitops/index.ts";
import type { Failure, MutantResult, ScenarioResult } from "../report/index.ts";
import { type Mutant, placesOf } from "./mutant.ts";

type Outcome = Pick<MutantResult, "outcome" | "why">;

/** Caught is only a scenario that failed at a step that was named, with the message that was named for it. */
export function judgeMutant(
  mutant: Pick<Mutant, "caughtBy" | "orCaughtBy">,
  result: ScenarioResult,
): Outcome {
  const places = placesOf(mutant);
  const steps = places.map(({ step }) => `"${step}"`).join(" or ");
  const failed = result.steps.find(({ status }) => status === "failed");
  if (result.failure) return wrongReason(`failed outside of its steps: ${result.failure.message}`);
  if (!failed) {
    const left = result.steps.find(
      ({ title, status }) => status === "not applicable" && places.some(({ step }) => step === title),
    );
    const why = left
      ? `${steps} is not applicable: ${left.why}`
      : `every step passed; ${steps} should have failed`;
    return { outcome: "missed", why };
  }
  const said = textOf(failed.failure);
  const place = places.find(({ step }) => step === failed.title);
  if (!place) return wrongReason(`"${failed.title}" failed, not ${steps}: ${said}`);
  if (!place.message.test(said))
    return wrongReason(`"${place.step}" failed, but its message does not match ${place.message}: ${said}`);
  return { outcome: "caught", why: said };
}

/** Another tree than manifests/ may have nothing to make the edit of; undefined where it can be made. */
export function judgeEdit(mutant: Mutant, tree: Tree): Outcome | undefined {
  try {
    mutant.edit(tree.copy());
    return undefined;
  } catch (error) {
    // Whatever was thrown: an edit takes fields for granted that another tree may not have.
    return { outcome: "not applicable", why: messageOf(error) };
  }
}

/** The world could not even be brought up with this mutant. */
export function judgeBroken(failure: Failure): Outcome {
  return wrongReason(`failed before the first step: ${failure.message}`);
}

function wrongReason(why: string): Outcome {
  return { outcome: "caught for the wrong reason", why };
}

function textOf(failure: Failure | undefined): string {
  return [failure?.message, failure?.details].filter((part) => part !== undefined).join("\n");
}
