export { type GatewayAccess, type GatewayResponse, sendThroughGateway } from "./gateway-request.ts";
export { type Message, Session } from "./session.ts";
export { Workspace } from "./workspace.ts";
