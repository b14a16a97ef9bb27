/** The public door: what a file in scenarios/ may import. */

export { HarnessError } from "./base/index.ts";
export type { Tree } from "./gitops/index.ts";
export type { Mutant } from "./scenario/mutant.ts";
export { type Scenario, type StepContext, scenario } from "./scenario/scenario.ts";
export {
  addUnrelatedRoute,
  type DeployedWorkspace,
  type Drained,
  drainUnderWork,
  expectAllThere,
  expectAttachedOnlyTo,
  expectCopilotLogin,
  expectHeld,
  expectLetGo,
  expectNoGit,
  expectOneClone,
  expectOnePod,
  expectPassword,
  expectQuickInit,
  expectSameAuth,
  expectSameVolumes,
  expectSameWork,
  expectWholeClone,
  type HeldStream,
  holdStreams,
  interruptClone,
  LeftTraces,
  partsOf,
  readTraces,
  readVolumes,
  renewCertificate,
  repositoryOf,
  type Traces,
  told,
  uncordon,
  uncordoned,
  untilWantedTwice,
} from "./workspace/index.ts";
export type { World } from "./world/world.ts";
