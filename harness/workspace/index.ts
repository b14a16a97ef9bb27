export { runBeside } from "./beside.ts";
export type { OpenPage } from "./browser-page.ts";
export { expectAskedForPassword, expectDistrusted, expectOpenCodeShown } from "./browser-visit.ts";
export { remoteAddress } from "./clone-questions.ts";
export { expectCopilotModels } from "./copilot-models.ts";
export { databasePath } from "./database-path.ts";
export { DeployedWorkspace } from "./deployed-workspace.ts";
export { endedSince } from "./ended-containers.ts";
export {
  expectCopilotLogin,
  expectPassword,
  expectQuickInit,
  expectSameAuth,
  expectSameVolumes,
  expectSameWork,
} from "./expectations.ts";
export { type GatewayAccess, sendThroughGateway } from "./gateway-request.ts";
export { expectNoClone, expectOneClone, repositoryOf, untilCloning } from "./git-record.ts";
export { expectAllThere, expectHeld, type HeldStream, seconds } from "./held-stream.ts";
export { holdBusyStreams, holdStreams } from "./hold-streams.ts";
export { expectKept, LeftTraces } from "./left-traces.ts";
export { type Account, accountFor } from "./numbered-lines.ts";
export { leadsTo, routeTo } from "./served-host.ts";
export { type Message, type Model, Session } from "./session.ts";
export { openSessionPage } from "./session-page.ts";
export { type Meanwhile, SteadyVisitor } from "./steady-visitor.ts";
export { gapOf, lostOn } from "./stream-gap.ts";
export { StreamRecord } from "./stream-record.ts";
export { readTraces, readVolumes, type Traces } from "./traces.ts";
export { mountOf, placeOnVolume, volumeBehind } from "./volume.ts";
export { expectWholeHistory } from "./whole-history.ts";
export { Workspace } from "./workspace.ts";
