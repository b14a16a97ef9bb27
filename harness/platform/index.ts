export { components, platformLedger } from "./architecture.ts";
export { clusterApps, type GitSource, harnessPlatform, homeKubernetes } from "./cluster-apps.ts";
export type {
  Component,
  FidelityEntry,
  KubeObject,
  PlatformImages,
  PlatformInputs,
  StoreKind,
} from "./component.ts";
export { loadDefinitions } from "./definitions.ts";
export { installPlatform, type PlatformCluster } from "./install.ts";
export { toolsOn } from "./node-tools.ts";
export { onTheServer } from "./placement.ts";
export { bootstrapObjects, platformTree } from "./platform-tree.ts";
