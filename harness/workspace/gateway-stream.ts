import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import type { ConnectionOptions } from "node:tls";
import WebSocket, { type ClientOptions } from "ws";
import { HarnessError, patientMs } from "../base/index.ts";
import type { GatewayAccess } from "./gateway-request.ts";

export interface StreamRequest {
  /** Host name of the workspace: Host header and TLS server name. */
  hostname: string;
  path: string;
  /** Basic credentials, `user:password`. */
  auth: string;
  /** Until the stream's head has come, 20 s if not given, on a quiet machine; what is in it has no deadline. */
  openWithinMs?: number;
}

const defaultOpenWithinMs = 20_000;

/** A GET whose answer does not end, over TLS through the gateway. Throws unless it begins with status 200 in time. */
export function openEventStream(gateway: GatewayAccess, opened: StreamRequest): Promise<IncomingMessage> {
  const { hostname, path, auth } = opened;
  const openWithinMs = patientMs(opened.openWithinMs ?? defaultOpenWithinMs);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = request({
    host: gateway.host,
    port: gateway.httpsPort,
    servername: hostname,
    headers: { host: hostname, accept: "text/event-stream" },
    ca: gateway.caPem,
    agent: false,
    path,
    auth,
  });
  const deadline = setTimeout(
    () => outgoing.destroy(new Error(`no answer within ${openWithinMs} ms`)),
    openWithinMs,
  );
  outgoing.once("response", (response) => {
    clearTimeout(deadline);
    if (response.statusCode === 200) return resolve(response);
    response.destroy();
    reject(new Error(`answered ${response.statusCode}`));
  });
  // Stays for the life of the stream: a connection that is cut later reports here too, and is told by the response.
  outgoing.on("error", reject);
  outgoing.end();
  return promise
    .finally(() => clearTimeout(deadline))
    .catch((cause: Error) => Promise.reject(notOpened(`GET https://${hostname}${path}`, cause)));
}

/** A WebSocket over TLS through the gateway, open. Throws when the upgrade is refused or takes too long. */
export function openWebSocket(gateway: GatewayAccess, opened: StreamRequest): Promise<WebSocket> {
  const { hostname, path, auth } = opened;
  const openWithinMs = patientMs(opened.openWithinMs ?? defaultOpenWithinMs);
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>();
  const options: ClientOptions & ConnectionOptions = {
    headers: { host: hostname, authorization: `Basic ${Buffer.from(auth).toString("base64")}` },
    servername: hostname,
    ca: gateway.caPem,
    handshakeTimeout: openWithinMs,
    perMessageDeflate: false,
  };
  const socket = new WebSocket(`wss://${gateway.host}:${gateway.httpsPort}${path}`, options);
  // Output may come with the upgrade's answer; it waits until somebody listens.
  socket.once("open", () => {
    socket.pause();
    resolve(socket);
  });
  socket.on("error", reject);
  return promise.catch((cause: Error) =>
    Promise.reject(notOpened(`WebSocket wss://${hostname}${path}`, cause)),
  );
}

function notOpened(what: string, cause: Error): HarnessError {
  return new HarnessError(`${what} through the gateway: ${cause.message}`, { code: "failed", cause });
}
