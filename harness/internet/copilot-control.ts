import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { ControlAccess } from "./control-call.ts";
import { type CommonFault, nothing, recordedRequest, StandInControl } from "./stand-in-control.ts";

const copilotRequest = recordedRequest.extend({
  /** `title`: OpenCode asks for a session's name, beside the prompt. */
  operation: z.enum(["models", "prompt", "title"]).nullable(),
  model: z.string().nullable(),
  /** OpenCode's session that asks. */
  session: z.string().nullable(),
  /** Words, or calls of tools, that were sent. */
  pieces: z.number(),
});
export type CopilotRequest = z.infer<typeof copilotRequest>;

/** Of this login only; default: whoever asks. */
interface LoginScope {
  login?: string;
}

/** `refuse` answers a prompt with a status, `break-off` cuts the connection after so many words of an answer. */
export type CopilotFault = LoginScope &
  (
    | CommonFault
    | { kind: "refuse"; status: number; retryAfterS?: number; times?: number }
    | { kind: "break-off"; afterWords: number; times?: number }
  );

/** A text; `word1 word2 …`, one every so many milliseconds; or a call of one of OpenCode's tools. */
export type CopilotAnswer =
  | { kind: "text"; text: string }
  | { kind: "words"; count: number; everyMs: number }
  | { kind: "tool"; tool: string; arguments: Record<string, unknown> };

/** What a turn is made of, for prompts of this login with this text in them; the next answer follows a tool's result. */
export interface CopilotPlan extends LoginScope {
  prompt?: string;
  answers: CopilotAnswer[];
}

/** api.githubcopilot.com's stand-in: who may ask, what it says, its record, its faults. */
export class CopilotControl extends StandInControl<CopilotRequest, CopilotFault> {
  constructor(access: ControlAccess) {
    super(access, copilotRequest, "Copilot");
  }

  /** The recorded requests, of one operation or session where that is given. */
  async requests(
    filter: { operation?: CopilotRequest["operation"]; session?: string } = {},
  ): Promise<CopilotRequest[]> {
    const matches = (request: CopilotRequest) =>
      (filter.operation === undefined || request.operation === filter.operation) &&
      (filter.session === undefined || request.session === filter.session);
    return (await this.recordedRequests()).filter(matches);
  }

  /** From now on exactly these logins may ask, none of them expired: name, as the record shall show it, to token. */
  async setLogins(logins: Record<string, string>): Promise<void> {
    await this.call({ method: "PUT", path: "logins", body: { logins }, schema: nothing });
  }

  /** The models that it offers for choice, sorted. */
  async offeredModels(): Promise<string[]> {
    const schema = z.object({ models: z.array(z.string()) });
    return (await this.call({ method: "GET", path: "models", schema })).models;
  }

  /** Exactly these logins, by name, have expired. */
  async expire(...logins: string[]): Promise<void> {
    await this.call({ method: "PUT", path: "expired", body: { logins }, schema: nothing });
  }

  /**
   * The plan is followed until it is disposed of, the oldest of those that fit; a prompt without one is answered with who
   * asked.
   */
  async plan(plan: CopilotPlan): Promise<AsyncDisposable> {
    const path = `plans/${randomUUID()}`;
    await this.call({ method: "PUT", path, body: plan, schema: nothing });
    return {
      [Symbol.asyncDispose]: async () => {
        await this.call({ method: "DELETE", path, schema: nothing });
      },
    };
  }

  /** No plan is followed any more. */
  async forgetPlans(): Promise<void> {
    await this.call({ method: "DELETE", path: "plans", schema: nothing });
  }
}
