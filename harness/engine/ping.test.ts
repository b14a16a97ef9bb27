import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createServer as createSocketServer, type Server as SocketServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { answersPing, askEngine } from "./ping.ts";

let dir: string;
const servers: { close(): unknown }[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "ping-"));
});
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await rm(dir, { recursive: true, force: true });
});

const listen = (server: Server | SocketServer) =>
  new Promise<string>((resolve) => {
    const socket = join(dir, "docker.sock");
    servers.push(server);
    server.listen(socket, () => resolve(`unix://${socket}`));
  });

it("hears an engine behind a socket", async () => {
  const host = await listen(
    createServer((request, response) => response.writeHead(request.url === "/_ping" ? 200 : 404).end("OK")),
  );
  expect(await askEngine(host)).toBe("answers");
  expect(await answersPing(host)).toBe(true);
});

it("waits for an engine that takes its time", async () => {
  const host = await listen(createServer((_, response) => void setTimeout(() => response.end("OK"), 2_500)));
  expect(await askEngine(host)).toBe("answers");
});

it("does not take an error for an answer", async () => {
  expect(await askEngine(await listen(createServer((_, response) => response.writeHead(500).end())))).toBe(
    "wrong",
  );
});

it("tells an engine that accepts and stays silent from one that is not there", async () => {
  expect(await askEngine(await listen(createSocketServer(() => {})), 100)).toBe("silent");
});

it("stops asking a silent one when it is interrupted", async () => {
  const host = await listen(createSocketServer(() => {}));
  const asked = askEngine(host, 60_000, AbortSignal.timeout(50));
  await expect(asked).rejects.toMatchObject({ name: "TimeoutError" });
});

it.each([
  ["unix:///nowhere/docker.sock", "absent"],
  ["tcp://127.0.0.1:1", "absent"],
  ["ssh://me@there", "wrong"],
  ["no address", "wrong"],
])("%s is %s", async (host, answer) => {
  expect(await askEngine(host)).toBe(answer);
});

it("knows a socket file that nobody serves any more", async () => {
  await writeFile(join(dir, "stale.sock"), "");
  expect(await askEngine(`unix://${join(dir, "stale.sock")}`)).toBe("absent");
});
