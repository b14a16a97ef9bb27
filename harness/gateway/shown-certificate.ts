import { once } from "node:events";
import { connect, type PeerCertificate } from "node:tls";
import type { GatewayAccess } from "../workspace/index.ts";

/** What the gateway shows to who asks for this host; its chain and the host are verified. */
export async function shownCertificate(gateway: GatewayAccess, hostname: string): Promise<PeerCertificate> {
  const socket = connect({
    host: gateway.host,
    port: gateway.httpsPort,
    servername: hostname,
    ca: gateway.caPem,
    timeout: 5_000,
  });
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
