export { bootstrapObjects, components, platformLedger } from "./architecture.ts";
export type {
  Component,
  FidelityEntry,
  GatewayInputs,
  KeylessInputs,
  KubeObject,
  PlatformImages,
  PlatformInputs,
  StoreKind,
} from "./component.ts";
export { loadDefinitions } from "./definitions.ts";
export { controlPlaneNames } from "./envoy-gateway.ts";
export { homeAdaptations, idleKinds, servedGroups } from "./home-rules.ts";
export { installPlatform, type PlatformCluster } from "./install.ts";
export { nodeRoot, nodeTools, toolsOn } from "./node-tools.ts";
export { onTheServer } from "./placement.ts";
export { harnessPlatform, standInChart } from "./stand-in-chart.ts";
