import { z } from "zod";
import { HarnessError } from "../base/index.ts";
import type { OpenCodeApi } from "./open-code-api.ts";

const part = z.looseObject({
  id: z.string(),
  type: z.string(),
  text: z.string().optional(),
  state: z.looseObject({ status: z.string(), output: z.string().optional() }).optional(),
});
const message = z.looseObject({
  info: z.looseObject({
    id: z.string(),
    role: z.string(),
    /** Why an answer was not given, or not to its end. */
    error: z
      .looseObject({ name: z.string(), data: z.looseObject({ message: z.string().optional() }).optional() })
      .optional(),
  }),
  parts: z.array(part),
});

/** A message of a session with its parts, as OpenCode's API gives it. */
export type Message = z.infer<typeof message>;

/** A model of a provider, as OpenCode names both. */
export interface Model {
  providerID: string;
  modelID: string;
}

/** A model takes its time; what it says is not the harness's to hurry. */
const answerWithinMs = 60_000;

/** A session of OpenCode, as its user sees it: through the gateway, with the server password. */
export class Session {
  readonly id: string;
  readonly #api: OpenCodeApi;

  constructor(api: OpenCodeApi, id: string) {
    this.#api = api;
    this.id = id;
  }

  /** Leaves a message in the session without asking a model for an answer. */
  async say(text: string): Promise<void> {
    await this.#api.post(
      `/session/${this.id}/message`,
      { noReply: true, parts: [{ type: "text", text }] },
      message,
    );
  }

  /** Asks a model, and waits for the last message of its answer. Throws where OpenCode itself refuses. */
  ask(text: string, model: Model): Promise<Message> {
    const body = { model, parts: [{ type: "text", text }] };
    return this.#api.post(`/session/${this.id}/message`, body, message, answerWithinMs);
  }

  /** Asks a model as the web UI does: returns as soon as OpenCode has taken the prompt; the answer comes as events. */
  async begin(text: string, model: Model): Promise<void> {
    await this.#api.tell(`/session/${this.id}/prompt_async`, { model, parts: [{ type: "text", text }] });
  }

  /**
   * Runs a shell command in the session (the `!` of OpenCode's prompt), in the workspace's directory and as
   * OpenCode's own user; both the command and its output stay in the session. Returns the output, both streams.
   * The command has a POSIX shell, whichever the image has, and what an image has beside is not known: what needs more
   * than the shell itself runs beside the volume (beside.ts). Throws unless the command ends with exit code 0.
   */
  async run(command: string): Promise<string> {
    const script = `(\n${command}\n) </dev/null\necho "exit code $?"\n`;
    const answer = await this.#api.post(
      `/session/${this.id}/shell`,
      { agent: "build", command: `printf %b '${escaped(script)}' | sh 2>&1` },
      message,
      60_000,
    );
    const output = answer.parts.find(({ type }) => type === "tool")?.state?.output ?? "";
    const [, before = output, exitCode] = /^([\s\S]*)exit code (\d+)\n?$/.exec(output) ?? [];
    if (exitCode !== "0") {
      throw new HarnessError(
        `\`${command}\` in the workspace of ${this.#api.hostname} ended with exit code ${exitCode ?? "?"}`,
        {
          code: "failed",
          details: output,
        },
      );
    }
    return before;
  }

  /** All messages, oldest first. */
  messages(): Promise<Message[]> {
    return this.#api.get(`/session/${this.id}/message`, z.array(message));
  }
}

/**
 * The text as `printf %b` puts it out. For bash OpenCode sets the command into double quotes and evaluates it, for other
 * shells it hands it over as it is: all that would not last in either is written in octal.
 */
function escaped(text: string): string {
  return text.replaceAll(/[^\w ./:;,=+@%(){}<>|&*?^~#[\]-]/g, (character) =>
    [...Buffer.from(character)].map((byte) => `\\0${byte.toString(8).padStart(3, "0")}`).join(""),
  );
}
