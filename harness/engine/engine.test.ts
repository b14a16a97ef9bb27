import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { engineAt } from "./engine.ts";

let dir: string;
let server: Server;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "engine-"));
  await writeFile(join(dir, "docker"), '#!/bin/sh\necho "$DOCKER_HOST $@"\n[ "$1" != fail ]\n');
  await chmod(join(dir, "docker"), 0o755);
  server = createServer((_, response) => response.end("OK"));
  await new Promise<void>((resolve) => server.listen(join(dir, "engine.sock"), resolve));
});
afterEach(async () => {
  server.close();
  await rm(dir, { recursive: true, force: true });
});

const engine = (socket = "engine.sock") =>
  engineAt("private", `unix://${join(dir, socket)}`, join(dir, "docker"));

it("leads the client to its address", async () => {
  const { stdout } = await engine().docker(["ps", "--all"]);
  expect(stdout).toBe(`unix://${join(dir, "engine.sock")} ps --all`);
});

it("fails with the client's error while the engine answers", async () => {
  await expect(engine().docker(["fail"])).rejects.toMatchObject({
    exitCode: 1,
    command: expect.stringContaining("fail"),
  });
});

it("says that the engine is gone when it is", async () => {
  await expect(engine("gone.sock").docker(["fail"])).rejects.toMatchObject({
    code: "environment",
    message: `the container engine at unix://${join(dir, "gone.sock")} has stopped answering`,
  });
});

it("tells a failure by its exit code to who asks for it", async () => {
  expect((await engine("gone.sock").docker(["fail"], { reject: false })).exitCode).toBe(1);
});
