export { explain, explained } from "./explain.ts";
export { factsOf, knowWorkspaces, workspaceIn } from "./known-workspaces.ts";
export {
  certificateNames,
  claim,
  dataMounts,
  existingClaim,
  externalSecret,
  fluxKustomization,
  inContainer,
  inController,
  inValues,
  permissionWords,
  podSecurity,
  route,
  trafficPolicy,
} from "./places.ts";
