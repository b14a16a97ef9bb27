import { hostname } from "node:os";
import { startTimeOf } from "./process-start.ts";

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

/** The network of the run's nodes and stand-ins. */
export const networkNameOf = (runId: string) => `opencode-harness-${runId}`;

/** The volume that stands for the run's Ceph pool. */
export const poolVolumeOf = (runId: string) => `opencode-harness-${runId}-pool`;

/** host/pid/start time. */
function ownerOf(pid: number): string {
  return `${hostname()}/${pid}/${startTimeOf(pid)}`;
}

/** False when the process that started it has ended. Another machine's processes cannot be judged: they count as alive. */
export function isOwnerAlive(owner: string): boolean {
  const [host, pid] = owner.split("/");
  if (host !== hostname()) return true;
  return startTimeOf(Number(pid)) !== undefined && ownerOf(Number(pid)) === owner;
}
