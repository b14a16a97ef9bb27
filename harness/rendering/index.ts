export { inBareHome } from "./bare-home.ts";
export { entryOf } from "./entry-of.ts";
export { findWorkspaces } from "./facts/find-workspaces.ts";
export type { KustomizationObject } from "./kustomization-object.ts";
export { hasAll, type Need, notApplicable } from "./needs.ts";
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
export { type WorkspaceFacts, workspaceFacts } from "./workspace-facts.ts";
