import { isIP } from "node:net";
import { getContainerRuntimeClient } from "testcontainers";

/**
 * The name or address under which this machine reaches what the engine publishes: localhost, or another where the engine is
 * elsewhere (a dev container, docker in docker, DOCKER_HOST). Certificates must have it.
 */
export async function engineHost(): Promise<string> {
  return (await getContainerRuntimeClient()).info.containerRuntime.host;
}

/** The names and addresses for a certificate of what is reached on the engine's host; this machine's own are always in it. */
export function namesOfHost(host: string): { dnsNames: string[]; ips: string[] } {
  const [dnsNames, ips] = [["localhost"], ["127.0.0.1"]];
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  (isIP(bare) ? ips : dnsNames).push(bare);
  return { dnsNames: [...new Set(dnsNames)], ips: [...new Set(ips)] };
}
