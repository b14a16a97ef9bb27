import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { newAuthority } from "../base/index.ts";
import { EventStream, silenceLimit } from "./event-stream.ts";
import { expectAllThere, expectHeld } from "./held-stream.ts";
import { StreamRecord } from "./stream-record.ts";
import { Terminal } from "./terminal.ts";
import { Workspace } from "./workspace.ts";

const hostname = "flux.opencode.example.test";
const never = new AbortController().signal;

/** A gateway with an OpenCode behind it that echoes, announces titles, and can be told to cut or to lose. */
async function fakeGateway() {
  const authority = await newAuthority({ dnsNames: [hostname] });
  const { certPem, keyPem } = await authority.issue({ dnsNames: [hostname] });
  const listeners = new Set<(text: string) => void>();
  const faults = { cutEventsAfterMs: 0, loseEcho: 0, tellAfterMs: 0 };
  const terminal = { title: "" };
  const server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
    if (request.url?.startsWith("/event")) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write('data: {"type":"server.connected","properties":{}}\n\n');
      const listener = (text: string) => response.write(`data: ${text}\n\n`);
      listeners.add(listener);
      request.on("close", () => listeners.delete(listener));
      if (faults.cutEventsAfterMs) setTimeout(() => response.destroy(), faults.cutEventsAfterMs);
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { title } = JSON.parse(Buffer.concat(chunks).toString()) as { title: string };
      if (request.method === "PUT") {
        terminal.title = title;
        // As OpenCode does: an event has the title of the moment in which it is told.
        const tellAll = () => {
          for (const tell of listeners)
            tell(JSON.stringify({ type: "pty.updated", properties: { info: terminal } }));
        };
        if (faults.tellAfterMs > 0) setTimeout(tellAll, faults.tellAfterMs);
        else tellAll();
      }
      response.end('{"id":"pty_1"}');
    });
  });
  new WebSocketServer({ server, path: "/pty/pty_1/connect" }).on("connection", (socket) => {
    socket.send(Buffer.from('\0{"cursor":6}'));
    socket.once("message", () => socket.send("ready\n"));
    socket.on("message", (data) => {
      if (data.toString() === ".") return;
      if (faults.loseEcho-- === 1) return;
      socket.send(data.toString());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const user = new Workspace(
    { name: "opencode-flux", hostname, userName: "opencode", password: "secret" },
    {
      host: "127.0.0.1",
      httpsPort: port,
      caPem: authority.certPem,
    },
  );
  return {
    user,
    faults,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe("held streams", () => {
  let gateway: Awaited<ReturnType<typeof fakeGateway>>;
  beforeEach(async () => {
    gateway = await fakeGateway();
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  it("are whole when every byte came back", async () => {
    await using terminal = await Terminal.open(gateway.user, "the busy terminal of opencode-flux");
    await using events = await EventStream.open(gateway.user, "the busy event stream of opencode-flux");
    terminal.keepTyping();
    events.keepAnnouncing(terminal.id);
    await expectHeld([terminal, events], 1_500, never);
    const told = await expectAllThere([terminal, events]);
    expect(told[0]).toMatch(/(\d+) of \1 lines typed came back/);
    expect(told[1]).toMatch(/2 of 2 numbered events came/);
  });

  it("are whole when OpenCode is late to tell each event", async () => {
    gateway.faults.tellAfterMs = 1_400;
    await using events = await EventStream.open(gateway.user, "the busy event stream of opencode-flux");
    events.keepAnnouncing("pty_1");
    await expectHeld([events], 2_500, never);
    expect(await expectAllThere([events])).toEqual([expect.stringMatching(/2 of 2 numbered events came/)]);
  });

  it("are whole when they were idle", async () => {
    await using events = await EventStream.open(gateway.user, "the idle event stream of opencode-flux");
    await expectHeld([events], 200, never);
    expect(await events.settle()).toEqual({ account: "0 of 0 numbered events came" });
  });

  it.each([
    ["a quiet machine", 1, 25_000],
    ["a busy one", 4, 50_000],
    ["one that is lost in work, where a dead stream must still be told", 20, 60_000],
  ])("may be silent for longer where heartbeats come late: %s", (_what, load, ms) => {
    expect(silenceLimit(load)).toBe(ms);
  });

  it("do not count what a neighbour announces in the same workspace", async () => {
    await using events = await EventStream.open(gateway.user, "the busy event stream of opencode-flux");
    await using neighbour = await EventStream.open(gateway.user, "another one");
    for (const stream of [events, neighbour]) stream.keepAnnouncing("pty_1");
    await expectHeld([events, neighbour], 500, never);
    expect(await events.settle()).toEqual({ account: "1 of 1 numbered events came" });
  });

  it("end the hold at once when one is cut", async () => {
    gateway.faults.cutEventsAfterMs = 200;
    await using events = await EventStream.open(gateway.user, "the idle event stream of opencode-flux");
    const startedAt = Date.now();
    await expect(expectHeld([events], 60_000, never)).rejects.toMatchObject({
      message: expect.stringMatching(
        /^every stream should stay open, and the idle event stream of opencode-flux was cut after 0\.\d\d s/,
      ),
      details: expect.stringMatching(
        /^when that one was cut:\nthe idle event stream of opencode-flux: cut after 0/,
      ),
    });
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });

  it("name the line that did not come back", async () => {
    gateway.faults.loseEcho = 2;
    await using terminal = await Terminal.open(gateway.user, "the busy terminal of opencode-flux");
    terminal.type();
    terminal.type();
    await expect(terminal.settle(300)).resolves.toMatchObject({ trouble: "lost: 2 (1 of 3)" });
  });

  it("are not all there when one is not whole", async () => {
    const stream = (name: string, trouble?: string) =>
      ({ name, record: new StreamRecord(), settle: async () => ({ account: "2 of 3", trouble }) }) as never;
    const streams = [stream("the idle terminal of opencode-ha"), stream("the busy one", "lost: 2 (1 of 3)")];
    await expect(expectAllThere(streams)).rejects.toThrow("the busy one is not whole: lost: 2 (1 of 3)");
  });
});
