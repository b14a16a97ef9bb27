import { readFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";

/** Whether a container engine answers `/_ping` at this address (`unix://` or `tcp://`) within `timeoutMs`. */
export async function answersPing(host: string, timeoutMs = 2_000): Promise<boolean> {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url === undefined || !["unix:", "tcp:", "http:", "https:"].includes(url.protocol)) return false;
  const target =
    url.protocol === "unix:"
      ? { socketPath: decodeURIComponent(url.pathname) }
      : { host: url.hostname, port: url.port || "2375" };
  const tls = url.protocol === "unix:" ? undefined : await clientCertificate();
  return new Promise((resolve) => {
    const request = (tls === undefined ? http : https).request({
      ...target,
      ...tls,
      path: "/_ping",
      timeout: timeoutMs,
    });
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

/** As the docker client does: DOCKER_TLS_VERIFY with the three files of DOCKER_CERT_PATH. */
async function clientCertificate() {
  const dir = process.env.DOCKER_CERT_PATH;
  if (!process.env.DOCKER_TLS_VERIFY || dir === undefined) return undefined;
  const [ca, cert, key] = await Promise.all(
    ["ca.pem", "cert.pem", "key.pem"].map((name) => readFile(join(dir, name))),
  );
  return { ca, cert, key };
}
