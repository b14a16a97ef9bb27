import { readFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";

/** Whether a container engine answers `/_ping` at this address (`unix://` or `tcp://`) within `timeoutMs`. */
export async function answersPing(host: string, timeoutMs = 2_000): Promise<boolean> {
  const request = await requestOf(host, "/_ping", timeoutMs);
  if (!request) return false;
  return new Promise((resolve) => {
    request.on("response", (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
    request.on("close", () => resolve(false));
    request.end();
  });
}

/** A GET of the engine's API that is yet to be ended; undefined for an address of no kind that we know. */
export async function requestOf(
  host: string,
  path: string,
  timeoutMs?: number,
): Promise<http.ClientRequest | undefined> {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url === undefined || !["unix:", "tcp:", "http:", "https:"].includes(url.protocol)) return undefined;
  const target =
    url.protocol === "unix:"
      ? { socketPath: decodeURIComponent(url.pathname) }
      : { host: url.hostname, port: url.port || "2375" };
  const tls = url.protocol === "unix:" ? undefined : await clientCertificate();
  return (tls === undefined ? http : https).request({
    ...target,
    ...tls,
    path,
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
  });
}

/** As the docker client does: DOCKER_TLS_VERIFY with the three files of DOCKER_CERT_PATH. */
async function clientCertificate() {
  const dir = process.env.DOCKER_CERT_PATH;
  if (!process.env.DOCKER_TLS_VERIFY || dir === undefined) return undefined;
  const [ca, cert, key] = await Promise.all(
    ["ca.pem", "cert.pem", "key.pem"].map((name) => readFile(join(dir, name))),
  );
  return { ca, cert, key };
}
