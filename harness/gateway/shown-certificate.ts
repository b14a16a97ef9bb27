import { once } from "node:events";
import { connect, type PeerCertificate } from "node:tls";
import type { GatewayAccess } from "../workspace/index.ts";

/**
 * What the gateway shows to who asks for this host; its chain and the host are verified.
 * @param withinMs Longest silence of the gateway, in milliseconds.
 */
export async function shownCertificate(
  gateway: GatewayAccess,
  hostname: string,
  withinMs = 5_000,
): Promise<PeerCertificate> {
  const socket = connect({
    host: gateway.host,
    port: gateway.httpsPort,
    servername: hostname,
    ca: gateway.caPem,
    timeout: withinMs,
  });
  // Node only tells of it.
  socket.on("timeout", () => socket.destroy(new Error(`no TLS within ${withinMs / 1000} s`)));
  try {
    await once(socket, "secureConnect");
    return socket.getPeerCertificate();
  } finally {
    socket.destroy();
  }
}

/** The names on it. */
export async function shownNames(gateway: GatewayAccess, hostname: string): Promise<string> {
  return ((await shownCertificate(gateway, hostname)).subjectaltname ?? "").replaceAll("DNS:", "");
}
