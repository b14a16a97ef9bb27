export {
  type ImageSource,
  imageSources,
  type KeepPolicy,
  keepPolicies,
  type Ledgers,
  type ReuseWorld,
  type StartedWorld,
  type StartWorld,
  type StoreKind,
  storeKinds,
  type TreeChange,
  type TreeEdit,
  type WorkspaceAccess,
  type WorldAccess,
  type WorldDescriptor,
  type WorldOptions,
} from "../world/started-world.ts";
export { type Claim, coverageOf } from "./claims.ts";
export type { Coverage } from "./coverage.ts";
export { type LoadedScenario, loadScenarios } from "./load-scenarios.ts";
export type { CaughtBy, Mutant } from "./mutant.ts";
export { judgeBroken, judgeEdit, judgeMutant } from "./mutant-outcome.ts";
export { type Round, roundsOf } from "./rounds.ts";
export { type RunScenarioOptions, runScenario } from "./run-scenario.ts";
export { type Scenario, type Step, type StepContext, scenario } from "./scenario.ts";
export { selectMutant, selectScenarios } from "./select.ts";
export { Turns } from "./turns.ts";
export type { AttachWorld, World } from "./world.ts";
