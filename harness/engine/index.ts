export { bridgeFilterFile, bridgeFilterRemedy, filtersBridges } from "./bridge-filter.ts";
export {
  debianMirror,
  debianSuite,
  sourcesFile,
  unpackDebianPackages,
} from "./debian-packages.ts";
export type { DockerOptions, DockerResult, Engine } from "./engine.ts";
export { type EngineFacts, engineFacts } from "./engine-facts.ts";
export { type EngineWatch, watchEngine } from "./engine-watch.ts";
export { ensureEngine } from "./ensure-engine.ts";
export { iptables } from "./iptables.ts";
export { withLock } from "./lock.ts";
export { canRunPrivateEngine, startPrivateEngine, stopPrivateEngine } from "./private-engine.ts";
export { findSystemEngine } from "./system-engine.ts";
export { unfitEngine, unfitMachine } from "./unfit.ts";
