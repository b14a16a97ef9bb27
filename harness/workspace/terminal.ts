import { once } from "node:events";
import type WebSocket from "ws";
import { z } from "zod";
import { HarnessError } from "../base/index.ts";
import { inContainer, inValues, trafficPolicy } from "../diagnosis/index.ts";
import type { HeldStream } from "./held-stream.ts";
import { accountForLines, numberedLine } from "./numbered-lines.ts";
import { UnexpectedStatus } from "./open-code-api.ts";
import { remember } from "./stream-facts.ts";
import { StreamRecord } from "./stream-record.ts";
import type { Workspace } from "./workspace.ts";

const pty = z.looseObject({ id: z.string() });

/**
 * Without a line discipline every byte that is typed comes back as it is. It speaks only when it is spoken to: what a
 * program says while its terminal is being connected may be lost in OpenCode (seen once in some hundred terminals).
 */
const echo = "stty raw -echo; head -c 1 >/dev/null; echo ready; exec cat";
const knock = ".";
const ready = "ready\n";

/** Between two lines of a busy terminal: a fast typist's second. */
const typeEveryMs = 100;
const lastLineWithinMs = 15_000;

/**
 * A terminal of OpenCode (`/pty`), held on its WebSocket. What is typed are numbered lines, and a program in it sends
 * each byte back, so that both directions are accounted for.
 */
export class Terminal implements HeldStream {
  readonly name: string;
  readonly record = new StreamRecord();
  /** OpenCode's id of it. */
  readonly id: string;
  readonly #socket: WebSocket;
  #typed = 0;
  #typing: NodeJS.Timeout | undefined;

  private constructor(name: string, id: string, socket: WebSocket) {
    this.name = name;
    this.id = id;
    this.#socket = socket;
    const { record } = this;
    // OpenCode's own messages (where the output begins) are binary, the terminal's output is text.
    socket.on("message", (message: Buffer, isBinary) => {
      if (!isBinary) record.add(message);
    });
    socket.on("error", (error) => record.end(error.message));
    socket.on("close", (code, reason) =>
      record.end(`closed with code ${code}${reason.length > 0 ? `: ${reason}` : ""}`),
    );
    socket.resume();
    remember(this);
  }

  /** Opens a terminal with a program in it that echoes; throws unless that program is there within 20 s. */
  static async open(user: Workspace, name: string): Promise<Terminal> {
    const command = { command: "/bin/sh", args: ["-c", echo], title: name };
    const { id } = await user.api.post("/pty", command, pty).catch((error: unknown) => {
      throw cannotOpen(user, name, error);
    });
    const terminal = new Terminal(name, id, await user.api.webSocket(`/pty/${id}/connect`));
    terminal.#socket.send(knock);
    if (await terminal.record.until((bytes) => bytes.includes(ready), 20_000)) return terminal;
    throw new HarnessError(`${name} opens, but nothing in it answers`, {
      code: "failed",
      details: terminal.record.bytes.toString(),
      remedy:
        "let the Service say appProtocol: kubernetes.io/ws, and the BackendTrafficPolicy requestTimeout: 0s (pitfall 4)",
      look: [
        inValues(user.name, "service", "app", "ports", "http"),
        trafficPolicy(user.name, "spec", "timeout"),
      ],
    });
  }

  /** Types the next numbered line. */
  type(): void {
    if (this.record.cut) return;
    this.#typed += 1;
    this.#socket.send(numberedLine(this.#typed));
  }

  /** Types a line ten times a second until it settles or is closed. */
  keepTyping(): void {
    this.#typing ??= setInterval(() => this.type(), typeEveryMs);
  }

  async settle(withinMs = lastLineWithinMs): Promise<{ account: string; trouble?: string }> {
    clearInterval(this.#typing);
    this.type();
    // Before that the terminal itself may have echoed the knock.
    const begin = this.record.bytes.indexOf(ready) + ready.length;
    const account = () => accountForLines(this.#typed, this.record.bytes.subarray(begin));
    await this.record.until(() => account().trouble === undefined, withinMs);
    const { sent, received, trouble } = account();
    const told = { account: `${received.length} of ${sent} lines typed came back` };
    return trouble === undefined ? told : { ...told, trouble };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#typing);
    this.record.close();
    if (this.#socket.readyState === this.#socket.CLOSED) return;
    const closed = once(this.#socket, "close");
    this.#socket.terminate();
    await closed;
  }
}

/** OpenCode answers with JSON when it fails itself; what the gateway says while it has no backend is plain text. */
function cannotOpen(user: Workspace, name: string, error: unknown): unknown {
  if (!(error instanceof UnexpectedStatus) || error.answer.status < 500 || !isJson(error.answer.body)) {
    return error;
  }
  return new HarnessError(
    `${name} cannot be opened: OpenCode itself answers POST /pty with ${error.answer.status}, the gateway has no part in it`,
    {
      code: "failed",
      details: error.answer.body.slice(0, 2000),
      remedy:
        "look at the image: its terminals need a library that fits its C library, and the one in OpenCode is for glibc while the official image is Alpine; set BUN_PTY_LIB to bun-pty's library for musl (manifests/README.md, Terminals)",
      look: [inContainer(user.name, "app", "env"), inContainer(user.name, "app", "image")],
      cause: error,
    },
  );
}

function isJson(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}
