import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { watchEngine } from "./engine-watch.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "engine-"));
});
afterEach(() => rm(dir, { recursive: true }));

/** An engine with an event stream on a socket. */
async function startEngine(pingMs = 0) {
  const streams: ServerResponse[] = [];
  const server = createServer((request, response) => {
    if (request.url === "/_ping") return void setTimeout(() => response.end("OK"), pingMs);
    response.flushHeaders();
    streams.push(response);
    server.emit("watched");
  });
  server.listen(join(dir, "docker.sock"));
  await once(server, "listening");
  const die = () => {
    server.close();
    server.closeAllConnections();
  };
  return { host: `unix://${join(dir, "docker.sock")}`, server, streams, die };
}

it("tells at once that the engine died, with what to do", async () => {
  const { host, server, die } = await startEngine();
  using watch = watchEngine(host);
  await once(server, "watched");
  expect(watch.lost.aborted).toBe(false);
  die();
  await once(watch.lost, "abort");
  expect(watch.lost.reason).toMatchObject({
    code: "environment",
    remedy: expect.stringContaining("Start it"),
  });
});

it("tells it at once to whoever asks", async () => {
  const { host, server, die } = await startEngine();
  using watch = watchEngine(host);
  await once(server, "watched");
  expect(await watch.isLost()).toBe(false);
  die();
  expect(await watch.isLost()).toBe(true);
  expect(watch.lost.aborted).toBe(true);
});

it("keeps watching an engine that only ended the stream", async () => {
  const { host, server, streams, die } = await startEngine();
  using watch = watchEngine(host);
  await once(server, "watched");
  const again = once(server, "watched");
  streams[0]?.destroy();
  await again;
  expect(watch.lost.aborted).toBe(false);
  die();
});

it("does not give up one that is slow", async () => {
  const { host, server, streams, die } = await startEngine(2_500);
  using watch = watchEngine(host);
  await once(server, "watched");
  streams[0]?.destroy();
  expect(await watch.isLost()).toBe(false);
  die();
});

it("gives up one that says nothing for long", async () => {
  const { host, server, die } = await startEngine(60_000);
  using watch = watchEngine(host, 100);
  await once(server, "watched");
  expect(await watch.isLost()).toBe(true);
  die();
});

it("is silent once it is disposed of", async () => {
  const { host, server, streams, die } = await startEngine();
  const watch = watchEngine(host);
  await once(server, "watched");
  const closed = once(streams[0] as ServerResponse, "close");
  watch[Symbol.dispose]();
  await closed;
  die();
  expect(watch.lost.aborted).toBe(false);
});
