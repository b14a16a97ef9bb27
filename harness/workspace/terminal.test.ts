import { expect, it } from "vitest";
import { type Answer, fakeHost, startFakeOpenCode } from "./fake-open-code.ts";
import { Terminal } from "./terminal.ts";
import { Workspace } from "./workspace.ts";

async function openAgainst(answer: Answer): Promise<unknown> {
  await using server = await startFakeOpenCode(() => answer);
  const user = new Workspace("opencode-flux", fakeHost, "secret", server.gateway);
  return await Terminal.open(user, "the idle terminal of opencode-flux").catch((error: unknown) => error);
}

it("is told as the image's fault when OpenCode itself cannot make one", async () => {
  const body = '{"name":"UnknownError","data":{"message":"Unexpected server error."}}';
  expect(await openAgainst({ status: 500, text: body })).toMatchObject({
    code: "failed",
    message:
      "the idle terminal of opencode-flux cannot be opened: OpenCode itself answers POST /pty with 500, the gateway has no part in it",
    details: body,
    remedy: expect.stringContaining("BUN_PTY_LIB"),
    look: expect.arrayContaining([expect.objectContaining({ kind: "HelmRelease", name: "opencode-flux" })]),
  });
});

it.each([
  ["the gateway has no backend", { status: 503, text: "no healthy upstream" }],
  ["OpenCode refuses the request", { status: 400, text: '{"error":"bad"}' }],
])("is told as it is when %s", async (_when, answer) => {
  expect(await openAgainst(answer)).toMatchObject({
    message: `https://${fakeHost}/pty answered ${answer.status}`,
    details: answer.text,
  });
});
