import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { delay, HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startCopilot } from "../../fixtures/copilot/index.ts";
import { startDoppler } from "../../fixtures/doppler/index.ts";
import { startGitHub } from "../../fixtures/github/index.ts";
import { testCertificate } from "../../fixtures/stand-in/test-certificate.ts";
import { ask } from "../../fixtures/stand-in/test-client.ts";
import { callControl } from "./control-call.ts";
import { CopilotControl } from "./copilot-control.ts";
import { DopplerControl } from "./doppler-control.ts";
import { GitHubControl } from "./github-control.ts";

const tls = await testCertificate("github.com", "api.doppler.com", "api.githubcopilot.com");
const host = "127.0.0.1";
const accessTo = (started: { controlPort: number; controlToken: string }) => ({
  url: `http://${host}:${started.controlPort}`,
  token: started.controlToken,
});

describe("the control of github.com's stand-in", () => {
  it("makes repositories, commits, filters the record, switches faults on and off", async () => {
    const root = await mkdtemp(join(tmpdir(), "github-control-"));
    await using stack = new AsyncDisposableStack();
    stack.defer(() => rm(root, { recursive: true, force: true }));
    const started = stack.use(await startGitHub({ tls, host, root }));
    const github = new GitHubControl(accessTo(started));
    const seed = { files: { "a.txt": "a\n" }, tokens: { PAT: "ghp_0123456789" }, history: 2 };
    const created = await github.createRepository("jbaker/k8s-cluster", seed);
    expect(created).toMatchObject({ repository: "jbaker/k8s-cluster", branch: "main", commits: 2 });
    const next = await github.commit("jbaker/k8s-cluster", { message: "b", files: { "b.txt": "b\n" } });
    expect(await github.head("jbaker/k8s-cluster")).toEqual(next);

    const refs = (repository: string) =>
      ask({
        port: started.port,
        certPem: tls.certPem,
        host: "github.com",
        path: `/${repository}.git/info/refs?service=git-upload-pack`,
        headers: { authorization: "Bearer ghp_0123456789" },
      });
    expect((await refs("jbaker/k8s-cluster")).status).toBe(200);
    expect((await refs("jbaker/other")).status).toBe(404);
    await github.setTokens("jbaker/k8s-cluster", { PAT: "ghp_rotated" });
    expect((await refs("jbaker/k8s-cluster")).status).toBe(401);
    await github.fault({ kind: "outage", repository: "jbaker/k8s-cluster" });
    expect((await refs("jbaker/k8s-cluster")).status).toBe(503);
    await github.liftFaults();
    expect((await refs("jbaker/k8s-cluster")).status).toBe(401);
    await github.fault();

    const statuses = (await github.requests({ repository: "jbaker/k8s-cluster" })).map(
      ({ status }) => status,
    );
    expect(statuses).toEqual([200, 401, 503, 401]);
    expect(await github.requests({ operation: "clone-or-fetch" })).toEqual([]);
    expect(await github.unexpectedRequests()).toEqual([]);
    await github.forgetRequests();
    expect(await github.requests()).toEqual([]);
  });
});

describe("the control of Doppler's stand-in", () => {
  it("sets secrets and tokens, shows digests, filters the record", async () => {
    await using started = await startDoppler({ tls, host });
    const doppler = new DopplerControl(accessTo(started));
    await doppler.setTokens({ "external-secrets": "dp.st.prd.0123" });
    await doppler.replaceSecrets({ ONE: "first value", TWO: "second value" });
    await doppler.setSecrets({ TWO: null, THREE: "third value" });
    const digest = (text: string) => createHash("sha256").update(text).digest("hex");
    expect(await doppler.digests()).toEqual({ ONE: digest("first value"), THREE: digest("third value") });

    const headers = { authorization: "Bearer dp.st.prd.0123" };
    const path = "/v3/configs/config/secret?name=THREE";
    const call = { port: started.port, certPem: tls.certPem, host: "api.doppler.com", path, headers };
    await doppler.fault({ kind: "missing-key", key: "THREE" });
    expect((await ask(call)).status).toBe(404);
    await doppler.fault();
    expect((await ask(call)).status).toBe(200);
    expect((await doppler.requests({ key: "THREE" })).map(({ status }) => status)).toEqual([404, 200]);
    expect(await doppler.requests({ operation: "download" })).toEqual([]);
  });
});

describe("the control of Copilot's stand-in", () => {
  it("sets logins, lets one expire, plans answers, filters the record", async () => {
    await using started = await startCopilot({ tls, host });
    const copilot = new CopilotControl(accessTo(started));
    await copilot.setLogins({ flux: "gho_flux", ha: "gho_ha" });
    const prompt = (token: string, session = "ses_1") =>
      ask({
        port: started.port,
        certPem: tls.certPem,
        host: "api.githubcopilot.com",
        path: "/chat/completions",
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "x-interaction-id": session },
        body: { model: "gpt-5-mini", stream: true, messages: [{ role: "user", content: "count" }] },
      });
    await copilot.expire("ha");
    expect((await prompt("gho_ha")).status).toBe(401);
    await copilot.expire();
    const plan = { login: "ha", prompt: "count", answers: [{ kind: "text" as const, text: "Planned." }] };
    const planned = await copilot.plan(plan);
    expect((await prompt("gho_ha")).json).toContain("Planned.");
    await planned[Symbol.asyncDispose]();
    expect((await prompt("gho_ha")).json).toContain("the login of ha");
    await copilot.fault({ kind: "refuse", status: 429, login: "flux" });
    expect((await prompt("gho_flux", "ses_2")).status).toBe(429);

    expect((await copilot.requests({ operation: "prompt" })).map(({ credential }) => credential)).toEqual([
      "ha",
      "ha",
      "ha",
      "flux",
    ]);
    expect(await copilot.requests({ session: "ses_2" })).toHaveLength(1);
    expect(await copilot.unexpectedRequests()).toEqual([]);
  });
});

describe("a control listener that is not well", () => {
  const controlUrl = "http://stand-in.invalid";
  const server = setupServer();
  beforeAll(() => server.listen());
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());
  const health = () =>
    callControl({
      access: { url: controlUrl, token: "the run's" },
      method: "GET",
      path: "health",
      schema: z.object({ name: z.string() }),
      deadlineMs: 100,
    });

  it.each([
    ["that never answers", async () => (await delay("infinite")) as never, "timeout"],
    [
      "that refuses",
      () => HttpResponse.json({ error: "no such fault" }, { status: 400 }),
      "400 .*no such fault",
    ],
    ["that answers something else", () => HttpResponse.json({}), "not as expected"],
    ["that answers no JSON", () => HttpResponse.text("hello"), "not as expected"],
  ])("%s ends in an error that names the call", async (_, resolver, why) => {
    server.use(http.get(`${controlUrl}/control/health`, resolver));
    const error = expect.objectContaining({ code: "environment" });
    await expect(health()).rejects.toEqual(error);
    await expect(health()).rejects.toThrow(new RegExp(`GET ${controlUrl}/control/health: .*${why}`));
  });
});
