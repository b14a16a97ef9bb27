import { expect, it } from "vitest";
import { testFacts } from "../rendering/test-facts.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { renewedLogins } from "./renewed-logins.ts";

const login = (token: string) => JSON.stringify({ "github-copilot": { type: "oauth", refresh: token } });

it("names both of Doppler's logins as what may stand in the place of the Secret's", async () => {
  const [a, b] = [login("gho_first1234567"), login("gho_second123456")];
  const facts = {
    ...testFacts(),
    login: { how: "written" as const, source: { secret: "one-secret", key: "auth.json" } },
    externalSecrets: [
      { name: "one", secret: "one-secret", store: { kind: "", name: "" }, keys: ["LOGIN"], finds: [] },
    ],
  };
  const workspaces = [{ namespace: "ai", facts } as unknown as DeployedWorkspace];
  const secrets = async () => ({
    first: { LOGIN: a },
    second: { LOGIN: Buffer.from(b).toString("base64") },
  });
  const holder = "ai/one-secret auth.json";
  expect(await renewedLogins({ workspaces, secrets })).toEqual([
    { holder, content: a },
    { holder, content: b },
  ]);
});
