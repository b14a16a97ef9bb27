import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { HarnessError, messageOf, patientMs } from "../base/index.ts";
import type { GatewayAccess, GatewayResponse } from "./gateway-request.ts";
import { OpenCodeApi } from "./open-code-api.ts";
import { Session } from "./session.ts";

const created = z.looseObject({ id: z.string() });
const place = z.looseObject({ directory: z.string() });
const configured = z.looseObject({
  providers: z.array(z.looseObject({ id: z.string(), models: z.record(z.string(), z.unknown()) })),
});

/** User name that OpenCode's server expects with OPENCODE_SERVER_PASSWORD, unless it is told another. */
export const defaultUserName = "opencode";

/** Where a workspace is, and who asks. */
export interface WorkspaceLogin {
  name: string;
  hostname: string;
  userName: string;
  password: string;
}

/** What a person does with one workspace: through the gateway, over TLS, with the server password. */
export class Workspace {
  readonly name: string;
  readonly api: OpenCodeApi;
  readonly userName: string;
  readonly password: string;
  readonly #gateway: GatewayAccess;

  constructor({ name, hostname, userName, password }: WorkspaceLogin, gateway: GatewayAccess) {
    this.name = name;
    this.userName = userName;
    this.password = password;
    this.#gateway = gateway;
    this.api = new OpenCodeApi(gateway, hostname, `${userName}:${password}`);
  }

  /** The same host, for somebody who knows the login of another workspace. */
  withPasswordOf({ userName, password }: Workspace): Workspace {
    const { name, api } = this;
    return new Workspace({ name, hostname: api.hostname, userName, password }, this.#gateway);
  }

  /**
   * Asks for `path` until OpenCode itself has answered: any status below 500. What the gateway says while it has
   * no backend, and connections that nobody answers, are waited for. There is nothing to watch from outside.
   */
  async untilAnswered(
    path: string,
    options: { withPassword?: boolean; timeoutMs?: number } = {},
  ): Promise<GatewayResponse> {
    const { withPassword = true, timeoutMs = 60_000 } = options;
    const grantedMs = patientMs(timeoutMs);
    const deadline = performance.now() + grantedMs;
    let last = "nothing";
    while (performance.now() < deadline) {
      try {
        const answer = await this.api.send(path, { withPassword, timeoutMs: 3_000 });
        // 404 without a body is the gateway's own "no such route"; OpenCode's has one.
        if (answer.status < 500 && !(answer.status === 404 && answer.body === "")) return answer;
        last = `${answer.status} ${answer.body.slice(0, 200)}`;
      } catch (error) {
        last = messageOf(error);
      }
      await delay(200);
    }
    throw new HarnessError(
      `https://${this.api.hostname}${path} did not answer within ${grantedMs / 1000} s`,
      {
        code: "failed",
        details: `last: ${last}`,
      },
    );
  }

  /** The directory that OpenCode works in, in its container. */
  async directory(): Promise<string> {
    return (await this.api.get("/path", place)).directory;
  }

  /** Opens a new session in the workspace's directory. */
  async openSession(title: string): Promise<Session> {
    const { id } = await this.api.post("/session", { title }, created);
    return new Session(this.api, id);
  }

  /** A session that was opened before. Throws when OpenCode does not know it any more. */
  async session(id: string): Promise<Session> {
    await this.api.get(`/session/${id}`, created);
    return new Session(this.api, id);
  }

  /** Connects a provider with an API key, as a person does in the web UI: OpenCode writes it into auth.json. */
  async connectProvider(id: string, key: string): Promise<void> {
    await this.api.put(`/auth/${id}`, { type: "api", key }, z.literal(true));
  }

  /** Puts another Copilot login in place of the one in auth.json, in the form in which OpenCode itself stores it. */
  async connectCopilot(token: string): Promise<void> {
    const login = { type: "oauth", refresh: token, access: token, expires: 0 };
    await this.api.put("/auth/github-copilot", login, z.literal(true));
  }

  /**
   * Logs in to Copilot as a person does in the web UI, with a code that GitHub asks for: OpenCode waits until it was entered,
   * and stores the login in auth.json.
   */
  async logInToCopilot(): Promise<void> {
    const path = "/provider/github-copilot/oauth";
    const inputs = { deploymentType: "github.com" };
    await this.api.post(`${path}/authorize`, { method: 0, inputs }, z.looseObject({ url: z.string() }));
    await this.api.post(`${path}/callback`, { method: 0 }, z.literal(true), 60_000);
    // As the web UI does then: what has been read before, OpenCode goes on asking with.
    await this.api.post("/global/dispose", {}, z.literal(true));
  }

  /** The models of a provider that OpenCode offers for choice, sorted; none where it is not connected. */
  async offeredModels(provider: string): Promise<string[]> {
    const { providers } = await this.api.get("/config/providers", configured);
    return Object.keys(providers.find(({ id }) => id === provider)?.models ?? {}).sort();
  }

  /** OpenCode forgets what it has read for its directory, its providers too, and reads it again when somebody asks. */
  async readAnew(): Promise<void> {
    await this.api.post("/instance/dispose", {}, z.literal(true));
  }

  /** Providers that OpenCode holds credentials for, as it read them from auth.json; `github-copilot` is the one that matters. */
  async connectedProviders(): Promise<string[]> {
    const { providers } = await this.api.get("/config/providers", configured);
    return providers.map(({ id }) => id);
  }
}
