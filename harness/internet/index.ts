export { type BrowserOptions, type StartedBrowser, startBrowser } from "./browser.ts";
export type { ControlAccess } from "./control-call.ts";
export {
  type CopilotAnswer,
  CopilotControl,
  type CopilotFault,
  type CopilotPlan,
  type CopilotRequest,
} from "./copilot-control.ts";
export { type DnsChange, DnsControl, type DnsRecord } from "./dns-control.ts";
export { DopplerControl, type DopplerFault, type DopplerRequest } from "./doppler-control.ts";
export { type EgressEntry, type EgressQuery, egressLedger, parseEgress, refusedLedger } from "./egress.ts";
export { findBrowser, hasDisplay } from "./find-browser.ts";
export {
  fluxCredential,
  type GitFault,
  GitHubControl,
  type GitOperation,
  type GitRequest,
  type RepositoryCommit,
  type RepositoryFile,
  type RepositoryHead,
  type RepositorySeed,
} from "./github-control.ts";
export { InterruptibleContainer } from "./interruptible-container.ts";
export { type MirrorOptions, registriesYaml, startMirror } from "./mirror.ts";
export { coreDnsCustom, internetNames, productionNames, type StandInName } from "./names.ts";
export {
  emptyObjectStore,
  type ObjectStore,
  type ObjectStoreOptions,
  startObjectStore,
} from "./object-store.ts";
export { type OwnWindow, openWindow, type Visit } from "./own-window.ts";
export type { RecordedRequest } from "./stand-in-control.ts";
export { type StandIn, type StandIns, type StandInsOptions, startStandIns } from "./stand-ins.ts";
export { takePictures } from "./take-pictures.ts";
