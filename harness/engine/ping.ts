import { readFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";

/**
 * What comes of asking an engine. `silent`: nothing within the time, which a busy machine is a reason for; `absent`: nobody
 * listens there; `denied`: this user may not ask; `wrong`: an answer that is no engine's, or an address of no kind that we know.
 */
export type Answer = "answers" | "silent" | "absent" | "denied" | "wrong";

/** How long an engine that listens and says nothing counts as alive: on a busy machine an answer takes seconds. */
export const patienceMs = 60_000;

/**
 * Asks the engine at this address (`unix://` or `tcp://`) for `/_ping`. Only silence takes time.
 * @throws the signal's reason when that is aborted before there is an answer
 */
export async function askEngine(
  host: string,
  timeoutMs = patienceMs,
  signal?: AbortSignal | undefined,
): Promise<Answer> {
  signal?.throwIfAborted();
  const request = await requestOf(host, "/_ping");
  if (!request) return "wrong";
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const timer = setTimeout(() => resolve("silent"), timeoutMs);
  const interrupt = () => reject(signal?.reason);
  signal?.addEventListener("abort", interrupt, { once: true });
  request.on("response", (response) => {
    response.resume();
    resolve(response.statusCode === 200 ? "answers" : "wrong");
  });
  request.on("error", (error: NodeJS.ErrnoException) => resolve(answerIn(error)));
  request.on("close", () => resolve("absent"));
  request.end();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", interrupt);
    request.destroy();
  }
}

function answerIn({ code }: NodeJS.ErrnoException): Answer {
  if (code === "EACCES" || code === "EPERM") return "denied";
  return code === "EAGAIN" ? "silent" : "absent"; // so many wait for it that one more is not let in
}

/** Whether a container engine answers there within `timeoutMs`. */
export async function answersPing(
  host: string,
  timeoutMs?: number,
  signal?: AbortSignal | undefined,
): Promise<boolean> {
  return (await askEngine(host, timeoutMs, signal)) === "answers";
}

/** A GET of the engine's API that is yet to be ended; undefined for an address of no kind that we know. */
export async function requestOf(host: string, path: string): Promise<http.ClientRequest | undefined> {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url === undefined || !["unix:", "tcp:", "http:", "https:"].includes(url.protocol)) return undefined;
  const target =
    url.protocol === "unix:"
      ? { socketPath: decodeURIComponent(url.pathname) }
      : { host: url.hostname, port: url.port || "2375" };
  const tls = url.protocol === "unix:" ? undefined : await clientCertificate();
  return (tls === undefined ? http : https).request({ ...target, ...tls, path });
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
