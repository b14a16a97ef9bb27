export { digest } from "./commit.ts";
export { type FoundPlace, findPlaces } from "./find-places.ts";
export { said } from "./flux-state.ts";
export { manifestYaml, parseApplied } from "./go-yaml.ts";
export { fluxRevision, type GitRemote, publish } from "./publish.ts";
export { type FluxTarget, reconcile } from "./reconcile.ts";
export { type ManifestName, type ManifestObject, Tree, type TreeFile } from "./tree.ts";
export { diagnose, type FluxEntry, type FluxName, type UntilApplied, untilApplied } from "./until-applied.ts";
export { readTree } from "./working-tree.ts";
