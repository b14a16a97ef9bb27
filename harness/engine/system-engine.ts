import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { HarnessError } from "../base/index.ts";
import { type Answer, askEngine } from "./ping.ts";
import { privateEngineHost } from "./private-place.ts";

/**
 * The address of the user's engine: the one that DOCKER_HOST or a docker context names, else the first that is there,
 * in the order in which the docker client would choose. Undefined where there is none, or ours is named. Podman is taken
 * only where it is named: nothing was tried on it.
 * @throws HarnessError `environment` when the one that is named does not answer, or one that is there stays silent:
 * another one in its place is not what the user meant; the signal's reason when that is aborted.
 */
export async function findSystemEngine(signal?: AbortSignal): Promise<string | undefined> {
  const named = await namedEngine(signal);
  if (named?.host === privateEngineHost()) return undefined;
  if (named) {
    const answer = await askEngine(named.host, undefined, signal);
    if (answer === "answers") return named.host;
    throw noAnswer(`the container engine at ${named.host}, which ${named.by} names,`, answer, named.remedy);
  }
  for (const socket of usualSockets()) {
    const host = `unix://${socket}`;
    const answer = await askEngine(host, undefined, signal);
    if (answer === "answers") return host;
    if (answer === "silent")
      throw noAnswer(`the container engine at ${host}`, answer, "Look after it, or stop it.");
  }
  return undefined;
}

function usualSockets(): string[] {
  const runtimeDir = process.env.XDG_RUNTIME_DIR;
  return [
    "/var/run/docker.sock",
    ...(runtimeDir === undefined ? [] : [join(runtimeDir, "docker.sock")]),
    join(homedir(), ".docker/run/docker.sock"),
  ];
}

interface NamedEngine {
  host: string;
  by: string;
  remedy: string;
}

async function namedEngine(signal: AbortSignal | undefined): Promise<NamedEngine | undefined> {
  const host = process.env.DOCKER_HOST;
  if (host) return { host, by: "DOCKER_HOST", remedy: "Start it, or unset DOCKER_HOST." };
  const client = await execa(
    "docker",
    ["context", "inspect", "--format", "{{.Name}} {{.Endpoints.docker.Host}}"],
    { reject: false, timeout: contextPatienceMs, ...(signal ? { cancelSignal: signal } : {}) },
  );
  signal?.throwIfAborted();
  // Without a client there are no contexts; one that fails may have been about to name any engine.
  if (client.failed && client.code !== "ENOENT") throw unnamed(client);
  const [name, contextHost] = (client.stdout ?? "").trim().split(" ");
  if (!name || !contextHost || name === "default") return undefined;
  const remedy = "Start it, or choose another one: docker context use default.";
  return { host: contextHost, by: `the docker context ${name}`, remedy };
}

/** A client on a busy machine takes seconds; it asks no engine. */
const contextPatienceMs = 30_000;

function unnamed({ stderr, timedOut }: { stderr?: string; timedOut: boolean }): HarnessError {
  const why = timedOut ? `no answer within ${contextPatienceMs / 1_000} s` : (stderr ?? "").trim();
  return new HarnessError("the docker client does not say which context it uses", {
    code: "environment",
    remedy:
      "docker context ls shows those that there are; choose one (docker context use default), or set DOCKER_HOST.",
    details: why,
  });
}

function noAnswer(engine: string, answer: Answer, remedy: string): HarnessError {
  const why: Record<Answer, string> = {
    answers: "answers",
    silent: "says nothing",
    absent: "does not answer",
    denied: "may not be used by this user",
    wrong: "cannot be asked: only unix:// and tcp:// addresses of an engine can",
  };
  return new HarnessError(`${engine} ${why[answer]}`, { code: "environment", remedy });
}

/** Whether a docker client is on PATH: the API alone does not build images from a directory. */
export async function hasDockerClient(): Promise<boolean> {
  const { exitCode } = await execa("docker", ["--version"], { reject: false });
  return exitCode === 0;
}
