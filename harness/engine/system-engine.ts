import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { answersPing } from "./ping.ts";

/**
 * The address of the first engine of the user's that answers, in the order in which the docker client would choose. Podman is
 * taken only where DOCKER_HOST or a context names it: nothing was tried on it.
 */
export async function findSystemEngine(): Promise<string | undefined> {
  for (const host of await candidates()) {
    if (await answersPing(host)) return host;
  }
  return undefined;
}

async function candidates(): Promise<string[]> {
  const runtimeDir = process.env.XDG_RUNTIME_DIR;
  const sockets = [
    "/var/run/docker.sock",
    ...(runtimeDir === undefined ? [] : [join(runtimeDir, "docker.sock")]),
    join(homedir(), ".docker/run/docker.sock"),
  ];
  const chosen = [process.env.DOCKER_HOST, await contextHost()].filter(
    (host) => host !== undefined && host !== "",
  );
  return [...new Set([...chosen, ...sockets.map((path) => `unix://${path}`)])] as string[];
}

async function contextHost(): Promise<string | undefined> {
  const { exitCode, stdout } = await execa(
    "docker",
    ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"],
    { reject: false, timeout: 5_000 },
  );
  return exitCode === 0 ? stdout.trim() : undefined;
}

/** Whether a docker client is on PATH: the API alone does not build images from a directory. */
export async function hasDockerClient(): Promise<boolean> {
  const { exitCode } = await execa("docker", ["--version"], { reject: false });
  return exitCode === 0;
}
