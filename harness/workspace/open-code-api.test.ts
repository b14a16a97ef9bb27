import { expect, it } from "vitest";
import { z } from "zod";
import { type Answer, fakeHost, startFakeOpenCode } from "./fake-open-code.ts";
import { OpenCodeApi } from "./open-code-api.ts";

async function ask(answers: Answer[]) {
  await using server = await startFakeOpenCode(() => answers.shift() ?? "never");
  const api = new OpenCodeApi(server.gateway, fakeHost, "opencode:secret");
  const outcome = await api.get("/path", z.object({ directory: z.string() }), 200).catch((error) => error);
  return { outcome, asked: server.asked.map(({ what }) => what) };
}

it("asks once more where an answer does not come", async () => {
  const { outcome, asked } = await ask(["never", { json: { directory: "/workspace" } }]);
  expect(outcome).toEqual({ directory: "/workspace" });
  expect(asked).toEqual(["GET /path", "GET /path"]);
});

it("says so where none comes then", async () => {
  const { outcome, asked } = await ask([]);
  expect(outcome).toMatchObject({ code: "failed", message: expect.stringContaining("no answer within") });
  expect(asked).toHaveLength(2);
});

it("takes what is answered for an answer", async () => {
  const { outcome, asked } = await ask([{ status: 502 }]);
  expect(outcome).toMatchObject({ code: "failed", message: `https://${fakeHost}/path answered 502` });
  expect(asked).toHaveLength(1);
});
