export { bridgeFilterFile, bridgeFilterRemedy, filtersBridges } from "./bridge-filter.ts";
export { privateEnvironment } from "./daemon-settings.ts";
export {
  debianMirror,
  debianPackage,
  debianSuite,
  sourcesFile,
  unpackDebianPackages,
} from "./debian-packages.ts";
export { type Docker, dockerAt } from "./docker-api.ts";
export type { DockerOptions, DockerResult, Engine } from "./engine.ts";
export { type EngineFacts, engineFacts } from "./engine-facts.ts";
export { type EngineWatch, watchEngine } from "./engine-watch.ts";
export { ensureEngine } from "./ensure-engine.ts";
export { type LockOptions, withLock } from "./lock.ts";
export { answersPing } from "./ping.ts";
export { canRunPrivateEngine, startPrivateEngine } from "./private-engine.ts";
export { bridgeOptions } from "./private-network.ts";
export { privateEngineHost, privatePlace } from "./private-place.ts";
export { type Stopped, stopPrivateEngine } from "./stop-private-engine.ts";
export { findSystemEngine } from "./system-engine.ts";
export { unfitEngine, unfitMachine } from "./unfit.ts";
