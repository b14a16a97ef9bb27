/**
 * The public door: what a file in scenarios/ may import. What a step does and expects stands under the noun that it is
 * about: `clones.interrupt`, `volumes.expectSound`.
 */

export { HarnessError } from "./base/index.ts";
export type { Tree } from "./gitops/index.ts";
export * as backups from "./nouns/backups.ts";
export * as browsers from "./nouns/browsers.ts";
export * as clones from "./nouns/clones.ts";
export * as commits from "./nouns/commits.ts";
export * as copilot from "./nouns/copilot.ts";
export * as documents from "./nouns/documents.ts";
export * as gateway from "./nouns/gateway.ts";
export * as moves from "./nouns/moves.ts";
export * as neighbours from "./nouns/neighbours.ts";
export * as nodes from "./nouns/nodes.ts";
export * as places from "./nouns/places.ts";
export * as secrets from "./nouns/secrets.ts";
export * as streams from "./nouns/streams.ts";
export * as volumes from "./nouns/volumes.ts";
export * as work from "./nouns/work.ts";
export * as workspaces from "./nouns/workspaces.ts";
export type { Mutant } from "./scenario/mutant.ts";
export { type Scenario, type StepContext, scenario } from "./scenario/scenario.ts";
export type { DeployedWorkspace } from "./workspace/index.ts";
export type { World } from "./world/world.ts";
