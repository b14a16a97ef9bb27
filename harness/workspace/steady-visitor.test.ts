import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { type Answer, fakeHost, startFakeOpenCode } from "./fake-open-code.ts";
import { SteadyVisitor } from "./steady-visitor.ts";
import { Workspace } from "./workspace.ts";

const meanwhile = { what: "it rained", remedy: "an umbrella", look: [] };

async function visit(answer: (number: number) => Answer) {
  let asked = 0;
  await using server = await startFakeOpenCode(() => answer(++asked));
  await using visitor = new SteadyVisitor(
    new Workspace(
      { name: "opencode-flux", hostname: fakeHost, userName: "opencode", password: "secret" },
      server.gateway,
    ),
  );
  while (asked < 3) await delay(10);
  return await visitor.settle(meanwhile);
}

it("counts the requests that were answered", async () => {
  expect(await visit(() => ({ json: {} }))).toBeGreaterThanOrEqual(3);
});

it("tells a single request that was not answered as it should be", async () => {
  await expect(
    visit((number) => (number === 2 ? { status: 503, text: "no healthy upstream" } : { json: {} })),
  ).rejects.toMatchObject({
    code: "failed",
    message: expect.stringMatching(
      /^1 of \d+ requests to opencode-flux failed while it rained: answered 503 no healthy upstream$/,
    ),
  });
});
