import { availableParallelism, loadavg } from "node:os";

/** Processes that want a core, for each core: up to here a cluster answers about as fast as on a quiet machine. */
const quietLoad = 2;
/** At a load of 20 on two cores pods, OpenCode and the gateway were seen to take three times as long. */
const mostTimes = 3;
/** A deadline of minutes has its slack already; what never comes shall not take ten minutes to be told. */
const mostMoreMs = 60_000;

/**
 * A deadline in milliseconds, longer where the machine has more to do than its cores can: that an answer of a cluster in
 * containers came late there says nothing about the manifests. In whole milliseconds, as AbortSignal.timeout takes them.
 * `load` is the last minute's load average for each core.
 */
export function patientMs(ms: number, load = loadPerCore()): number {
  const times = Math.min(Math.max(load / quietLoad, 1), mostTimes);
  const more = Math.min(ms * (times - 1), mostMoreMs);
  return Math.ceil(ms) + (more > 1_000 ? Math.ceil(more / 1_000) * 1_000 : Math.round(more)); // said in messages
}

/** For a guard: it ends with what it is watched beside, and must outlast it however long that is granted. Its signal ends it. */
export const outlastMs = 3_600_000;

function loadPerCore(): number {
  const [lastMinute = 0] = loadavg();
  return lastMinute / availableParallelism();
}
