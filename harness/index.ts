/** The public door: what a file in scenarios/ may import. */

export { HarnessError } from "./base/index.ts";
export type { Tree } from "./gitops/index.ts";
export type { Mutant } from "./scenario/mutant.ts";
export { type Scenario, type StepContext, scenario } from "./scenario/scenario.ts";
export {
  addUnrelatedRoute,
  type DeployedWorkspace,
  expectAllThere,
  expectCopilotLogin,
  expectHeld,
  expectNoGit,
  expectOneClone,
  expectPassword,
  expectQuickInit,
  expectSameAuth,
  expectSameVolumes,
  expectSameWork,
  expectWholeClone,
  type HeldStream,
  holdStreams,
  interruptClone,
  leaveTraces,
  readTraces,
  readVolumes,
  renewCertificate,
  repositoryOf,
  type Traces,
} from "./workspace/index.ts";
export type { World } from "./world/world.ts";
