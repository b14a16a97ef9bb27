import type { RunFact } from "./run-facts.ts";

const tellers = new Set<() => RunFact[]>();

/** For what lives longer than the task that began it, a held stream for instance: asked anew at the end of each step. */
export function addStandingFacts(tell: () => RunFact[]): void {
  tellers.add(tell);
}

/** All of them, as they are now. */
export function standingFacts(): RunFact[] {
  return [...tellers].flatMap((tell) => tell());
}
