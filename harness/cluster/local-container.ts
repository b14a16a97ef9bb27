import { GenericContainer, getContainerRuntimeClient } from "testcontainers";
import { askForReaper } from "./ask-for-reaper.ts";

/** A container whose published ports are for this machine alone: what runs in it is not for the network around it. */
export class LocalContainer extends GenericContainer {
  protected override async beforeContainerCreated(): Promise<void> {
    await askForReaper(await getContainerRuntimeClient());
    publishLocally(this.hostConfig, await engineHost());
  }
}

/** The name or address at which what the engine publishes is reached from here. */
export async function engineHost(): Promise<string> {
  return (await getContainerRuntimeClient()).info.containerRuntime.host;
}

/** As much of a container's options as says what is published, and where. */
interface Published {
  PortBindings?: Record<string, { HostIp?: string; HostPort?: string }[] | undefined>;
}

/**
 * Publishes on the loopback address only. Where the engine is elsewhere that would be the other machine's: there the ports
 * are as open as its own network is, and what listens on them asks for a secret.
 */
export function publishLocally(options: Published, host: string): void {
  if (!isLoopback(host)) return;
  for (const binding of Object.values(options.PortBindings ?? {}).flat()) {
    if (binding) binding.HostIp = host === "::1" ? "::1" : "127.0.0.1";
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.(\d+\.){2}\d+$/.test(host);
}
