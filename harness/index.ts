/** The public door: what a file in scenarios/ may import. */

export { HarnessError } from "./base/index.ts";
export type { Tree } from "./gitops/index.ts";
export type { Mutant } from "./scenario/mutant.ts";
export { type Scenario, type StepContext, scenario } from "./scenario/scenario.ts";
export {
  type DeployedWorkspace,
  expectCopilotLogin,
  expectNoGit,
  expectOneClone,
  expectPassword,
  expectQuickInit,
  expectSameAuth,
  expectSameVolumes,
  expectSameWork,
  expectWholeClone,
  interruptClone,
  leaveTraces,
  readTraces,
  readVolumes,
  repositoryOf,
  type Traces,
} from "./workspace/index.ts";
export type { World } from "./world/world.ts";
