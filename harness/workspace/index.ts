export { DeployedWorkspace, namespace } from "./deployed-workspace.ts";
export { type GatewayAccess, type GatewayResponse, sendThroughGateway } from "./gateway-request.ts";
export { type Message, Session } from "./session.ts";
export {
  type AuthFile,
  initDurations,
  leaveTraces,
  type RepositoryState,
  readTraces,
  type Traces,
} from "./traces.ts";
export { type BoundVolume, volumeBehind } from "./volume.ts";
export { Workspace } from "./workspace.ts";
