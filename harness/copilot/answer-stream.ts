import type { IncomingMessage } from "node:http";
import { z } from "zod";
import {
  type HeldStream,
  type Model,
  type Session,
  StreamRecord,
  type Workspace,
} from "../workspace/index.ts";
import { accountForWords, type SlowAnswer } from "./slow-answer.ts";

/** A piece of an answer, as OpenCode announces it to all who listen. */
const delta = z.looseObject({
  type: z.literal("message.part.delta"),
  properties: z.looseObject({ sessionID: z.string(), field: z.literal("text"), delta: z.string() }),
});

/** How long words may still be under way when the last one is due. */
const lastWordWithinMs = 30_000;

/** An answer of Copilot's as a program sees it that listens to OpenCode's events (`/event`) through the gateway. */
export class AnswerStream implements HeldStream {
  readonly name: string;
  readonly record: StreamRecord;
  readonly #session: Session;
  readonly #answer: SlowAnswer;
  readonly #response: IncomingMessage;

  private constructor(
    name: string,
    session: Session,
    answer: SlowAnswer,
    response: IncomingMessage,
    openedAt: number,
  ) {
    this.name = name;
    this.#session = session;
    this.#answer = answer;
    this.#response = response;
    const record = new StreamRecord(openedAt);
    this.record = record;
    response.on("data", (bytes: Buffer) => record.add(bytes));
    response.on("error", (error) => record.end(error.message));
    response.on("end", () => record.end("ended by the other side"));
    response.on("close", () => record.end("connection closed"));
  }

  /** Listens first, and asks then. */
  static async ask(
    user: Workspace,
    session: Session,
    answer: SlowAnswer,
    model: Model,
  ): Promise<AnswerStream> {
    const openedAt = Date.now();
    const response = await user.api.eventStream("/event");
    const name = `the answer as events of ${user.name}`;
    const stream = new AnswerStream(name, session, answer, response, openedAt);
    await session.begin(answer.prompt, model);
    return stream;
  }

  /** The text that has come, piece by piece. */
  get text(): string {
    return textOf(this.record.bytes, this.#session.id);
  }

  async settle(): Promise<{ account: string; trouble?: string }> {
    const account = () => accountForWords(this.#answer, this.text);
    await this.record.until(() => account().trouble === undefined, lastWordWithinMs);
    const { sent, received, trouble } = account();
    const told = `${received.length} of ${sent} words came`;
    return trouble === undefined ? { account: told } : { account: told, trouble };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.record.close();
    this.#response.destroy();
  }
}

/** The pieces of one session's answers, joined; what comes after the last whole event is ignored. */
function textOf(bytes: Buffer, session: string): string {
  const events = bytes.toString().split("\n\n").slice(0, -1);
  return events
    .filter((event) => event.includes("message.part.delta"))
    .map((event) => delta.safeParse(JSON.parse(event.replace(/^data: /, ""))).data?.properties)
    .map((piece) => (piece?.sessionID === session ? piece.delta : ""))
    .join("");
}
