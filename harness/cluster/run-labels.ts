import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** Docker labels of everything that a run starts; `removeLeftovers` goes by them. */
export const labelNames = {
  marker: "opencode-harness",
  run: "opencode-harness.run",
  owner: "opencode-harness.owner",
} as const;

/** Labels for containers, networks and volumes of a run; the owner is this very process. */
export function labelsOf(runId: string): Record<string, string> {
  return { [labelNames.marker]: "true", [labelNames.run]: runId, [labelNames.owner]: ownerOf(process.pid) };
}

/** The volume that stands for the run's Ceph pool. */
export const poolVolumeOf = (runId: string) => `opencode-harness-${runId}-pool`;

/** host/pid/start time: a process id alone may be given out again. */
function ownerOf(pid: number): string {
  return `${hostname()}/${pid}/${startTimeOf(pid) ?? 0}`;
}

/** False when the process that started it has ended. Another machine's processes cannot be judged: they count as alive. */
export function isOwnerAlive(owner: string): boolean {
  const [host, pid] = owner.split("/");
  if (host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return ownerOf(Number(pid)) === owner;
}

/** Clock ticks after boot at which the process started (field 22 of Linux' /proc/<pid>/stat). */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined; // no /proc on this system
  }
}
