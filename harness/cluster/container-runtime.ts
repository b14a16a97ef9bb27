import { getContainerRuntimeClient } from "testcontainers";
import { HarnessError } from "../base/index.ts";
import { askForReaper, type Runtime } from "./ask-for-reaper.ts";

/**
 * Testcontainers' way to the engine that `ensureEngine` has chosen.
 * @throws HarnessError `environment` when it has gone to another one, as it does when ~/.testcontainers.properties names
 * that, or when ours is slow to answer it: nobody would find there what a run leaves.
 */
export async function containerRuntime(): Promise<Runtime> {
  const runtime = await getContainerRuntimeClient();
  requireEngine(addressOf(runtime.container.dockerode.modem as Modem));
  // Else each container that starts looks for it behind one lock, and waits half a second and more for its turn.
  await askForReaper(runtime);
  return runtime;
}

/** Throws unless the address is that of the chosen engine, as DOCKER_HOST has it. */
export function requireEngine(address: string, chosen = process.env.DOCKER_HOST): void {
  if (chosen === undefined || hostOf(chosen) === hostOf(address)) return;
  throw new HarnessError(`Testcontainers has gone to ${address} in place of the chosen engine at ${chosen}`, {
    code: "environment",
    remedy: "Take tc.host and docker.host out of ~/.testcontainers.properties, and run the command again.",
  });
}

interface Modem {
  socketPath?: unknown;
  host?: string;
  port?: string | number;
}

function addressOf(modem: Modem): string {
  return modem.socketPath ? `unix://${String(modem.socketPath)}` : `tcp://${modem.host}:${modem.port}`;
}

/** Without what is said in more ways than one. */
function hostOf(address: string): string {
  const { protocol, host, pathname } = new URL(address.replace(/^https?:/, "tcp:"));
  return protocol === "unix:" ? decodeURIComponent(pathname) : host;
}
