import type { IncomingMessage } from "node:http";
import type WebSocket from "ws";
import type { z } from "zod";
import { HarnessError } from "../base/index.ts";
import {
  type GatewayAccess,
  type GatewayResponse,
  sendThroughGateway,
  Unanswered,
} from "./gateway-request.ts";
import { openEventStream, openWebSocket } from "./gateway-stream.ts";

/** An answer with another status than 200. */
export class UnexpectedStatus extends HarnessError {
  readonly answer: GatewayResponse;

  constructor(url: string, answer: GatewayResponse) {
    super(`${url} answered ${answer.status}`, { code: "failed", details: answer.body.slice(0, 2000) });
    this.answer = answer;
  }
}

/** OpenCode's HTTP API on one host, through the gateway, with Basic credentials. */
export class OpenCodeApi {
  readonly hostname: string;
  readonly #gateway: GatewayAccess;
  readonly #auth: string;

  constructor(gateway: GatewayAccess, hostname: string, auth: string) {
    this.#gateway = gateway;
    this.hostname = hostname;
    this.#auth = auth;
  }

  /** The raw answer; `withPassword: false` leaves the credentials out. */
  send(path: string, options: { withPassword?: boolean; timeoutMs?: number } = {}): Promise<GatewayResponse> {
    const { withPassword = true, timeoutMs } = options;
    return sendThroughGateway(this.#gateway, {
      hostname: this.hostname,
      path,
      auth: withPassword ? this.#auth : undefined,
      ...(timeoutMs ? { timeoutMs } : {}),
    });
  }

  /**
   * Asks once more where no answer comes: while OpenCode begins with its directory a request can be lost, and a question may
   * be put twice. What is not answered then, is not.
   */
  async get<T>(path: string, shape: z.ZodType<T>, timeoutMs = 20_000): Promise<T> {
    const ask = () => this.send(path, { timeoutMs });
    const askAgain = (error: unknown) => (error instanceof Unanswered ? ask() : Promise.reject(error));
    return this.#parse(path, await ask().catch(askAgain), shape);
  }

  post<T>(path: string, body: unknown, shape: z.ZodType<T>, timeoutMs = 20_000): Promise<T> {
    return this.#send("POST", path, body, shape, timeoutMs);
  }

  /** A request that is answered with 204 and nothing else. */
  async tell(path: string, body: unknown): Promise<void> {
    const sent = { hostname: this.hostname, path, method: "POST", auth: this.#auth, body, timeoutMs: 20_000 };
    const answer = await sendThroughGateway(this.#gateway, sent);
    if (answer.status !== 204) throw new UnexpectedStatus(`https://${this.hostname}${path}`, answer);
  }

  put<T>(path: string, body: unknown, shape: z.ZodType<T>): Promise<T> {
    return this.#send("PUT", path, body, shape, 20_000);
  }

  /** An answer that does not end (`/event`). */
  eventStream(path: string, openWithinMs?: number): Promise<IncomingMessage> {
    const opened = { hostname: this.hostname, path, auth: this.#auth };
    return openEventStream(this.#gateway, openWithinMs === undefined ? opened : { ...opened, openWithinMs });
  }

  /** An open WebSocket (`/pty/{id}/connect`), paused. */
  webSocket(path: string): Promise<WebSocket> {
    return openWebSocket(this.#gateway, { hostname: this.hostname, path, auth: this.#auth });
  }

  async #send<T>(
    method: string,
    path: string,
    body: unknown,
    shape: z.ZodType<T>,
    timeoutMs: number,
  ): Promise<T> {
    const sent = { hostname: this.hostname, path, method, auth: this.#auth, body, timeoutMs };
    return this.#parse(path, await sendThroughGateway(this.#gateway, sent), shape);
  }

  #parse<T>(path: string, answer: GatewayResponse, shape: z.ZodType<T>): T {
    if (answer.status !== 200) throw new UnexpectedStatus(`https://${this.hostname}${path}`, answer);
    try {
      return shape.parse(JSON.parse(answer.body));
    } catch (cause) {
      // For a path that it does not know OpenCode serves its web page, with status 200.
      throw new HarnessError(`https://${this.hostname}${path} answered something else than was expected`, {
        code: "failed",
        details: answer.body.slice(0, 2000),
        cause,
      });
    }
  }
}
