/** The public door: what a file in scenarios/ may import. */

export { HarnessError } from "./base/index.ts";
export type { Mutant } from "./scenario/mutant.ts";
export { type Scenario, type StepContext, scenario } from "./scenario/scenario.ts";
