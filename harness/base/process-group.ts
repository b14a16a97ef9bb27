import { setTimeout as delay } from "node:timers/promises";

/** A zombie that nobody buries counts as a member for ever, and does nothing any more. */
const waitAtMostMs = 2_000;

/**
 * Ends all processes of a group (one that `detached` made: its id is that of its first process), and resolves when they
 * are gone. A group that has ended by itself is fine.
 */
export async function endGroup(id: number | undefined): Promise<void> {
  const deadline = performance.now() + waitAtMostMs;
  if (id === undefined || !signalGroup(id, "SIGKILL")) return;
  while (signalGroup(id, 0) && performance.now() < deadline) await delay(10);
}

/** False when the group has no process. */
function signalGroup(id: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-id, signal);
  } catch {
    return false;
  }
}
