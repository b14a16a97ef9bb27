import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { privateEngineHost } from "./private-place.ts";
import { findSystemEngine } from "./system-engine.ts";

let dir: string;
const servers: Server[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "system-"));
  vi.stubEnv("OPENCODE_HARNESS_CACHE", join(dir, "cache"));
  vi.stubEnv("HOME", dir);
  vi.stubEnv("XDG_RUNTIME_DIR", join(dir, "run"));
  vi.stubEnv("DOCKER_HOST", "");
  vi.stubEnv("PATH", `${dir}:/usr/bin:/bin`);
  await context("default", "unix:///var/run/docker.sock");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) server.close();
  await rm(dir, { recursive: true, force: true });
});

/** A docker client with this context. */
async function context(name: string, host: string): Promise<void> {
  await writeFile(join(dir, "docker"), `#!/bin/sh\necho "${name} ${host}"\n`);
  await chmod(join(dir, "docker"), 0o755);
}

async function listen(socket: string): Promise<string> {
  await mkdir(join(socket, ".."), { recursive: true });
  const server = createServer((_, response) => response.end("OK"));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return `unix://${socket}`;
}

it("finds the one that DOCKER_HOST names", async () => {
  const host = await listen(join(dir, "named.sock"));
  vi.stubEnv("DOCKER_HOST", host);
  expect(await findSystemEngine()).toBe(host);
});

it("takes no other one for that which DOCKER_HOST names", async () => {
  await listen(join(dir, "run", "docker.sock"));
  vi.stubEnv("DOCKER_HOST", `unix://${dir}/gone.sock`);
  await expect(findSystemEngine()).rejects.toMatchObject({
    code: "environment",
    message: expect.stringContaining(`${dir}/gone.sock, which DOCKER_HOST names, does not answer`),
    remedy: expect.stringContaining("unset DOCKER_HOST"),
  });
});

it("says what addresses it can ask", async () => {
  vi.stubEnv("DOCKER_HOST", "ssh://me@there");
  await expect(findSystemEngine()).rejects.toThrow("only unix:// and tcp://");
});

it("takes no other one for that which a docker context names", async () => {
  await listen(join(dir, "run", "docker.sock"));
  await context("far", "tcp://127.0.0.1:1");
  await expect(findSystemEngine()).rejects.toThrow("the docker context far names, does not answer");
});

it("takes no other one where a context is named that is not there", async () => {
  await listen(join(dir, "run", "docker.sock"));
  await writeFile(join(dir, "docker"), "#!/bin/sh\necho 'context \"far\": not found' >&2\nexit 1\n");
  await expect(findSystemEngine()).rejects.toMatchObject({
    code: "environment",
    message: "the docker client does not say which context it uses",
    details: 'context "far": not found',
  });
});

it.each([
  [
    "a docker client that says nothing",
    async () => writeFile(join(dir, "docker"), "#!/bin/sh\nexec sleep 60\n"),
  ],
  [
    "an engine that says nothing",
    async () => {
      const socket = join(dir, "silent.sock");
      const server = createServer(() => {});
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(socket, resolve));
      vi.stubEnv("DOCKER_HOST", `unix://${socket}`);
    },
  ],
])("lets an interruption end the wait for %s", async (_what, makeSilent) => {
  await makeSilent();
  const interrupt = new AbortController();
  const looking = findSystemEngine(interrupt.signal);
  setTimeout(() => interrupt.abort(new Error("Ctrl-C")), 200);
  await expect(looking).rejects.toThrow("Ctrl-C");
});

it("needs no docker client to look", async () => {
  await rm(join(dir, "docker"));
  vi.stubEnv("PATH", dir);
  await expect(findSystemEngine()).resolves.not.toThrow();
});

it("looks where engines usually listen when none is named", async () => {
  expect(await findSystemEngine()).not.toBe(`unix://${dir}/run/docker.sock`);
  const host = await listen(join(dir, "run", "docker.sock"));
  expect(["unix:///var/run/docker.sock", host]).toContain(await findSystemEngine());
});

it("leaves the private one, when that is named, to who starts it", async () => {
  await listen(join(dir, "run", "docker.sock"));
  vi.stubEnv("DOCKER_HOST", privateEngineHost());
  expect(await findSystemEngine()).toBeUndefined();
});
