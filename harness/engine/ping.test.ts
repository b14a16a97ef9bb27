import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createServer as createSocketServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { answersPing } from "./ping.ts";

let dir: string;
const servers: { close(): unknown }[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "ping-"));
});
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await rm(dir, { recursive: true, force: true });
});

const listen = (server: Server, at: string) =>
  new Promise<void>((resolve) => {
    servers.push(server);
    server.listen(at, resolve);
  });

it("hears an engine behind a socket", async () => {
  const socket = join(dir, "docker.sock");
  await listen(
    createServer((request, response) => response.writeHead(request.url === "/_ping" ? 200 : 404).end("OK")),
    socket,
  );
  expect(await answersPing(`unix://${socket}`)).toBe(true);
});

it("does not take an error for an answer", async () => {
  const socket = join(dir, "docker.sock");
  await listen(
    createServer((_, response) => response.writeHead(500).end()),
    socket,
  );
  expect(await answersPing(`unix://${socket}`)).toBe(false);
});

it("gives up on an engine that accepts and stays silent", async () => {
  const socket = join(dir, "silent.sock");
  const server = createSocketServer(() => {});
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  expect(await answersPing(`unix://${socket}`, 100)).toBe(false);
});

it.each(["unix:///nowhere/docker.sock", "ssh://me@there", "no address", "tcp://127.0.0.1:1"])(
  "is false for %s",
  async (host) => {
    expect(await answersPing(host)).toBe(false);
  },
);

it("is false for a socket file that nobody serves any more", async () => {
  await writeFile(join(dir, "stale.sock"), "");
  expect(await answersPing(`unix://${join(dir, "stale.sock")}`)).toBe(false);
});
