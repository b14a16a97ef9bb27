import { isIPv4, isIPv6 } from "node:net";

/**
 * The names and IPv4 addresses for certificates of what the engine publishes: on this machine, or where it is elsewhere (a dev
 * container, docker in docker, DOCKER_HOST) on that host. Certificates of a run are for no IPv6 address.
 */
export function namesOfHost(host: string): { dnsNames: string[]; ips: string[] } {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  const own = isIPv4(bare) ? { ips: [bare] } : isIPv6(bare) ? {} : { dnsNames: [bare] };
  return {
    dnsNames: [...new Set(["localhost", ...(own.dnsNames ?? [])])],
    ips: [...new Set(["127.0.0.1", ...(own.ips ?? [])])],
  };
}
