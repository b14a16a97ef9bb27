export { type Entry, entryFor } from "./entry.ts";
export {
  dopplerConfigOf,
  dopplerTokenOf,
  externalDnsOf,
  gatewayDeployOf,
  type HomeExternalDns,
  usedSources,
} from "./facts.ts";
export { filesWithHostKeys, gitHubHostKeys, type HostKeys, withHostKeys } from "./host-keys.ts";
export { findNeeds } from "./needs.ts";
export { noWorkspace, wrongRoot } from "./no-workspace.ts";
export { type AccountKeys, looksSwapped } from "./object-store.ts";
export { keyOf, type OwnedObject, objectsOf } from "./objects.ts";
export {
  fixtureHome,
  type Home,
  type HomeOptions,
  openHome,
  outsideFor,
  type RenderedHome,
  refuseWhatOurChartCannot,
  renderHome,
  renderReplaced,
  treeInHome,
} from "./open-home.ts";
export type { DopplerKey, Outside } from "./outside.ts";
export { type PinnedImage, pinnedImages } from "./pinned-images.ts";
export type { Adaptation, Replacement, ReplacementRules } from "./replacements.ts";
export { SopsValues, sealedFiles } from "./sops-values.ts";
export { ageSecretsOf, fluxEntryOf, type HomeSource, sourceOf } from "./source.ts";
