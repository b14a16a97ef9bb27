import type { Browser } from "playwright-core";
import { messageOf, patientMs } from "../base/index.ts";
import {
  type HeldStream,
  type OpenPage,
  openSessionPage,
  type Session,
  StreamRecord,
  seconds,
  type Workspace,
} from "../workspace/index.ts";
import { accountForWords, type SlowAnswer } from "./slow-answer.ts";

const lookEveryMs = 500;
/** Words come four a second; on a busy machine OpenCode, Envoy and Chromium share two cores. */
const pauseLimitMs = 20_000;
const lastWordWithinMs = 30_000;

/** An answer of Copilot's as a browser shows it: OpenCode's own page of the session, on which the words appear. */
export class ShownAnswer implements HeldStream {
  readonly name: string;
  readonly record = new StreamRecord();
  readonly #page: OpenPage;
  readonly #answer: SlowAnswer;
  readonly #timer: NodeJS.Timeout;
  #shown = "";

  /** Looks at a page that is open. */
  constructor(name: string, page: OpenPage, answer: SlowAnswer) {
    this.name = name;
    this.#page = page;
    this.#answer = answer;
    this.#timer = setInterval(() => void this.#look(), lookEveryMs);
    page.page.on("crash", () => this.record.end("the page has crashed"));
    page.page.on("close", () => this.record.end("the page was closed"));
  }

  /** Opens the session's page, which shows what comes from then on. */
  static async open(
    browser: Browser,
    user: Workspace,
    session: Session,
    answer: SlowAnswer,
  ): Promise<ShownAnswer> {
    const page = await openSessionPage(browser, user, session, answer.title);
    return new ShownAnswer(`the answer in a browser of ${user.name}`, page, answer);
  }

  /** What the page shows now; each change of the account is a piece of the record. */
  async #look(): Promise<void> {
    try {
      const text = await this.#page.text();
      const before = accountForWords(this.#answer, this.#shown).received.length;
      const now = accountForWords(this.#answer, text).received.length;
      this.#shown = text;
      if (now !== before) this.record.add(Buffer.from(`${now} words\n`));
    } catch (error) {
      this.record.end(messageOf(error).split("\n")[0] ?? "the page cannot be read");
    }
  }

  async settle(): Promise<{ account: string; trouble?: string }> {
    const account = () => accountForWords(this.#answer, this.#shown);
    await this.record.until(() => account().trouble === undefined, lastWordWithinMs);
    clearInterval(this.#timer);
    this.#page.expectAlive();
    const { sent, received, trouble } = account();
    const told = { account: `${received.length} of ${sent} words are shown` };
    const why = trouble ?? this.#jumps();
    return why === undefined ? told : { ...told, trouble: why };
  }

  /** How the words came when they did not come one after the other. */
  #jumps(): string | undefined {
    const steps = this.record.bytes.toString().split("\n").length - 1;
    if (steps < 3) return `they were shown ${steps === 1 ? "all at once" : "in two pieces"}`;
    const pauseMs = this.record.longestPauseMs();
    return pauseMs < patientMs(pauseLimitMs)
      ? undefined
      : `nothing new was shown for ${seconds(pauseMs)} in between`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.record.close();
    await this.#page[Symbol.asyncDispose]();
  }
}
