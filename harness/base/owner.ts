import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { startTimeOf } from "./process-start.ts";

/**
 * Where processes are numbered: a pid means something only within one PID namespace of one start of a machine. Machines
 * may share a name, an engine and a cache; containers on one of them number their processes anew.
 */
interface Place {
  /** Of this start of the machine, as Linux names it; where it does not, the machine's name has to do. */
  boot: string;
  namespace: string;
  /** The same after the machine is started anew; empty where it has no such id. */
  machine: string;
  host: string;
}

let place: Place | undefined;

function here(): Place {
  place ??= {
    boot: firstWord("/proc/sys/kernel/random/boot_id") || hostname(),
    namespace: namespaceOfThisProcess(),
    machine: firstWord("/etc/machine-id"),
    host: hostname(),
  };
  return place;
}

/** Names the process so that no other is ever taken for it: `boot/PID namespace/pid/start time/machine/host`. */
export function ownerOf(pid: number): string {
  const { boot, namespace, machine, host } = here();
  return [boot, namespace, pid, startTimeOf(pid) ?? "ended", machine, host].join("/");
}

/**
 * True where the process is known to have ended: it is not there any more, or its machine, this one, has been started
 * anew since. Nothing is known of what runs in another container or on another machine, or of what `ownerOf` did not write.
 */
export function hasOwnerEnded(owner: string): boolean {
  const [boot, namespace, pid, start, machine, host, ...more] = owner.split("/");
  if (host === undefined || more.length > 0) return false;
  if (boot !== here().boot) return machine !== "" && machine === here().machine && host === here().host;
  return namespace === here().namespace && startTimeOf(Number(pid)) !== start;
}

/** For a reader: `process 4711`, and where that is if it is not here. */
export function describeOwner(owner: string): string {
  const [boot, namespace, pid, , , host] = owner.split("/");
  if (host === undefined) return "a process of another version of the harness";
  if (boot !== here().boot) return `process ${pid} on ${host}`;
  return namespace === here().namespace ? `process ${pid}` : `process ${pid} of another container (${host})`;
}

function firstWord(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}

function namespaceOfThisProcess(): string {
  try {
    return readlinkSync("/proc/self/ns/pid").replaceAll(/\D/g, "");
  } catch {
    return "";
  }
}
