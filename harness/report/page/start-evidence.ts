import type { RunResult } from "../result.ts";
import type { Evidence } from "./run-page-data.ts";

/**
 * What the start left that stopped the run, of whichever of its worlds: `start`, or `start-<edit>` where the tree had one from
 * the beginning. A mutant with a result stopped nothing, though no world may have come of it.
 */
export function startEvidence(
  evidence: readonly Evidence[],
  { mutants }: Pick<RunResult, "mutants">,
): Evidence | undefined {
  const judged = mutants.map(({ mutant }) => `start-${mutant}`);
  return evidence.find(({ label }) => /^start(-|$)/.test(label) && !judged.includes(label));
}
