import { request } from "node:https";
import { text } from "node:stream/consumers";
import { HarnessError, patientMs } from "../base/index.ts";

/** Where the gateway is reached, and whom to trust; as a browser that resolves the host to this address. */
export interface GatewayAccess {
  host: string;
  httpsPort: number;
  /** PEM of the only CA that is trusted. */
  caPem: string;
  /** The Gateway that listens there, and its listener with TLS if routes name it. */
  gateway?: { namespace: string; name: string; sectionName?: string | undefined };
}

export interface GatewayRequest {
  /** Host name of the workspace: Host header and TLS server name. */
  hostname: string;
  path: string;
  method?: string;
  /** Basic credentials, `user:password`. */
  auth?: string | undefined;
  /** Sent as JSON. */
  body?: unknown;
  /**
   * For the whole exchange on a quiet machine; a loaded one is given more. OpenCode has a moment at start when it accepts a
   * connection and never answers.
   */
  timeoutMs?: number;
}

export interface GatewayResponse {
  status: number;
  body: string;
}

/** Somebody took the request, or its connection at least, and has not answered. */
export class Unanswered extends HarnessError {
  constructor(what: string, withinMs: number, cause: Error) {
    super(`${what}: no answer within ${withinMs} ms`, { code: "failed", cause });
  }
}

/** One request through the gateway on a connection of its own, TLS verified. Throws on TLS and network errors and on time-out. */
export function sendThroughGateway(gateway: GatewayAccess, sent: GatewayRequest): Promise<GatewayResponse> {
  const { hostname, path, method = "GET", auth, body, timeoutMs = 10_000 } = sent;
  const grantedMs = patientMs(timeoutMs);
  const { promise, resolve, reject } = Promise.withResolvers<GatewayResponse>();
  const outgoing = request({
    host: gateway.host,
    port: gateway.httpsPort,
    servername: hostname,
    headers: { host: hostname, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ca: gateway.caPem,
    agent: false,
    path,
    method,
    ...(auth ? { auth } : {}),
    signal: AbortSignal.timeout(grantedMs),
  });
  outgoing.on("response", (response) => {
    text(response).then((received) => resolve({ status: response.statusCode ?? 0, body: received }), reject);
  });
  outgoing.on("error", reject);
  outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  return promise.catch((cause: Error) => {
    const what = `${method} https://${hostname}${path} through the gateway`;
    if (cause.name === "AbortError" || cause.name === "TimeoutError")
      throw new Unanswered(what, grantedMs, cause);
    throw new HarnessError(`${what}: ${cause.message}`, { code: "failed", cause });
  });
}
