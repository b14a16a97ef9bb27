import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { patientMs } from "../base/index.ts";
import { type HeldStream, seconds } from "./held-stream.ts";
import { accountFor } from "./numbered-lines.ts";
import { remember } from "./stream-facts.ts";
import { StreamRecord } from "./stream-record.ts";
import type { Workspace } from "./workspace.ts";

const event = z.looseObject({
  type: z.string(),
  properties: z.looseObject({ info: z.looseObject({ title: z.string().optional() }).optional() }).optional(),
});

const changed = z.looseObject({ id: z.string() });

/**
 * OpenCode sends a heartbeat every 10 s, and later when it is busy (13.6 s were seen while a browser loaded its pages, 33 s at
 * a load of ten for each core). A stream that misses two is dead, if not cut.
 */
const silenceLimitMs = 25_000;
/** However busy the machine is: less than the shortest time for which a stream is held, or a dead one would pass. */
const longestSilenceLimitMs = 60_000;
const announceEveryMs = 1_000;
const lastEventWithinMs = 15_000;
/** Busy with other things OpenCode has taken 1 s from the change of a title to its event. */
const eventWithinMs = 10_000;

/**
 * OpenCode's event stream (`/event`, SSE), held. Made busy it is sent numbered events: the title of a terminal changes
 * once a second, which OpenCode announces to everybody who listens.
 */
export class EventStream implements HeldStream {
  readonly name: string;
  readonly record: StreamRecord;
  readonly #user: Workspace;
  readonly #response: IncomingMessage;
  /** Others may announce in this workspace too, and every listener hears all. */
  readonly #prefix = `announcement ${randomBytes(4).toString("hex")} `;
  #announced = 0;
  /** Numbers whose request failed: OpenCode may have taken them all the same. */
  readonly #uncertain = new Set<number>();
  #terminal: string | undefined;
  #announcing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor(name: string, user: Workspace, response: IncomingMessage, openedAt: number) {
    this.name = name;
    this.record = new StreamRecord(openedAt);
    this.#user = user;
    this.#response = response;
    const { record } = this;
    response.on("data", (bytes: Buffer) => record.add(bytes));
    response.on("error", (error) => record.end(error.message));
    response.on("end", () => record.end("ended by the other side"));
    response.on("close", () => record.end("connection closed"));
    remember(this);
  }

  /** `directory`: events of that directory's project only, of which there are none but heartbeats. */
  static async open(
    user: Workspace,
    name: string,
    { directory, openWithinMs }: { directory?: string; openWithinMs?: number } = {},
  ): Promise<EventStream> {
    const query = directory === undefined ? "" : `?directory=${encodeURIComponent(directory)}`;
    const openedAt = Date.now();
    const response = await user.api.eventStream(`/event${query}`, openWithinMs);
    return new EventStream(name, user, response, openedAt);
  }

  /**
   * Gives the terminal a new numbered title every second, until it settles or is closed; later where the event of the one
   * before has not come: an event tells the title as it is when OpenCode gets to telling it, and a next one would be told twice.
   */
  keepAnnouncing(terminal: string): void {
    this.#terminal = terminal;
    const announce = () => {
      this.#announcing ??= this.#announce().finally(() => {
        this.#announcing = undefined;
      });
    };
    this.#timer ??= setInterval(announce, announceEveryMs);
    announce();
  }

  async #announce(): Promise<void> {
    if (this.record.cut || this.#timer === undefined) return;
    const number = this.#announced + 1;
    this.#announced = number;
    const title = `${this.#prefix}${number}`;
    try {
      await this.#user.api.put(`/pty/${this.#terminal}`, { title }, changed);
    } catch {
      this.#uncertain.add(number);
      return;
    }
    await this.record.until((bytes) => bytes.includes(JSON.stringify(title)), eventWithinMs);
  }

  async settle(): Promise<{ account: string; trouble?: string }> {
    clearInterval(this.#timer);
    await this.#announcing;
    this.#timer = undefined;
    const account = () =>
      accountFor(this.#announced, numbersIn(this.record.bytes, this.#prefix), this.#uncertain);
    await this.record.until(() => account().trouble === undefined, lastEventWithinMs);
    const { sent, received, trouble } = account();
    const silence = this.record.cut ? 0 : this.record.longestSilenceMs();
    const told = { account: `${received.length} of ${sent} numbered events came` };
    if (trouble !== undefined) return { ...told, trouble };
    if (sent > 0 && received.length === 0) return { ...told, trouble: "OpenCode took none of them" };
    const limit = silenceLimit();
    return silence < limit
      ? told
      : {
          ...told,
          trouble: `silent for ${seconds(silence)}, and a heartbeat should come within ${seconds(limit)}`,
        };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.record.close();
    this.#response.destroy();
  }
}

/** Milliseconds. `load` as in {@link patientMs}. */
export function silenceLimit(load?: number): number {
  return Math.min(patientMs(silenceLimitMs, load), longestSilenceLimitMs);
}

/** The numbers of the announcements that begin so, in the order of their events; what comes after the last whole event is ignored. */
function numbersIn(bytes: Buffer, prefix: string): number[] {
  return bytes
    .toString()
    .split("\n\n")
    .slice(0, -1)
    .filter((text) => text.startsWith("data: "))
    .map((text) => event.parse(JSON.parse(text.slice("data: ".length))))
    .filter(({ type }) => type === "pty.updated")
    .map(({ properties }) => properties?.info?.title ?? "")
    .filter((title) => title.startsWith(prefix))
    .map((title) => Number(title.slice(prefix.length)));
}
