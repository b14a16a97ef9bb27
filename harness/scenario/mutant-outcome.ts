import { messageOf } from "../base/index.ts";
import type { Tree } from "../gitops/index.ts";
import type { Failure, MutantResult, ScenarioResult } from "../report/index.ts";
import type { Mutant } from "./mutant.ts";

type Outcome = Pick<MutantResult, "outcome" | "why">;

/** Caught is only a scenario that failed at the step that was named, with the message that was named. */
export function judgeMutant(mutant: Mutant, result: ScenarioResult): Outcome {
  const { step, message } = mutant.caughtBy;
  const failed = result.steps.find(({ status }) => status === "failed");
  if (result.failure) return wrongReason(`failed outside of its steps: ${result.failure.message}`);
  if (!failed) return { outcome: "missed", why: `every step passed; "${step}" should have failed` };
  const said = textOf(failed.failure);
  if (failed.title !== step) return wrongReason(`"${failed.title}" failed, not "${step}": ${said}`);
  if (!message.test(said))
    return wrongReason(`"${step}" failed, but its message does not match ${message}: ${said}`);
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
