export { explain, explained } from "./explain.ts";
export { factsOf, knowWorkspaces, type NamedWorkspace, workspaceIn } from "./known-workspaces.ts";
export {
  certificateNames,
  claim,
  cloning,
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
  seeding,
  trafficPolicy,
} from "./places.ts";
