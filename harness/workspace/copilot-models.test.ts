import { expect, it } from "vitest";
import { expectCopilotModels } from "./copilot-models.ts";
import type { DeployedWorkspace } from "./deployed-workspace.ts";
import { fakeHost, startFakeOpenCode } from "./fake-open-code.ts";
import { Workspace } from "./workspace.ts";

async function offer(providers: object[]) {
  await using server = await startFakeOpenCode(() => ({ json: { providers } }));
  const user = async () =>
    new Workspace(
      { name: "opencode-flux", hostname: fakeHost, userName: "opencode", password: "secret" },
      server.gateway,
    );
  return await expectCopilotModels({ name: "opencode-flux", user } as DeployedWorkspace);
}

it("counts Copilot's models", async () => {
  expect(await offer([{ id: "github-copilot", models: { "gpt-5": {}, "claude-sonnet-5": {} } }])).toBe(2);
});

it.each([
  ["only others", [{ id: "opencode", models: { free: {} } }], "those of opencode only"],
  ["Copilot without a model", [{ id: "github-copilot", models: {} }], "those of github-copilot only"],
  ["nobody", [], "those of nobody only"],
])("fails where OpenCode offers %s", async (_what, providers, told) => {
  await expect(offer(providers)).rejects.toThrow(told);
});
