export { type ChangedObject, changedObjects } from "./changed-objects.ts";
export { entryOf } from "./entry-of.ts";
export { type AskedKeys, askedKeys } from "./facts/asked-keys.ts";
export { findWorkspaces } from "./facts/find-workspaces.ts";
export { mayFind } from "./facts/found-keys.ts";
export { Objects } from "./facts/objects.ts";
export { officialImage, ofRoot } from "./facts/official-images.ts";
export { type Program, programOf } from "./facts/program.ts";
export { type ReadableSecret, readableSecrets } from "./facts/readable-secrets.ts";
export {
  type ExternalSecret,
  externalSecretsIn,
  isNamedKey,
  mayHold,
  readExternalSecrets,
} from "./facts/secret-keys.ts";
export { containersOf, type Workload, workloadsIn } from "./facts/workload.ts";
export { isFluxKustomization, type KustomizationObject } from "./kustomization-object.ts";
export { isSelected, type LabelSelector } from "./label-selector.ts";
export type { RenderOptions } from "./render-options.ts";
export { renderTree } from "./render-tree.ts";
export type {
  KubeObject,
  ObjectName,
  ReleaseFact,
  RenderedKustomization,
  RenderedObject,
  RenderedTree,
  RenderProblem,
} from "./rendered-tree.ts";
export { type SecretKey, type WorkspaceFacts, workspaceFacts } from "./workspace-facts.ts";
