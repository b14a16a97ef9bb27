import { z } from "zod";
import { HarnessError } from "../base/index.ts";
import { externalSecret, seeding } from "../diagnosis/index.ts";
import type { DeployedWorkspace } from "./deployed-workspace.ts";

const provider = "github-copilot";
const offered = z.object({
  providers: z.array(z.looseObject({ id: z.string(), models: z.record(z.string(), z.unknown()) })),
});

/**
 * OpenCode offers GitHub Copilot's models for choice. It does so for a login that it has, without asking Copilot;
 * whether one answers is not said. Returns how many there are.
 */
export async function expectCopilotModels(workspace: DeployedWorkspace): Promise<number> {
  const user = await workspace.user();
  const { providers } = await user.api.get("/config/providers", offered);
  const models = Object.keys(providers.find(({ id }) => id === provider)?.models ?? {});
  if (models.length > 0) return models.length;
  throw new HarnessError(
    `OpenCode of ${workspace.name} should offer GitHub Copilot's models, and offers those of ${providers.map(({ id }) => id).join(", ") || "nobody"} only`,
    {
      code: "failed",
      remedy:
        "seed the auth.json of a Copilot login, whole and as JSON, into OpenCode's data directory (pitfalls 1, 8 and 11)",
      look: [
        externalSecret(workspace.name, "target", "template", "data", "COPILOT_AUTH_JSON"),
        seeding(workspace.name),
      ],
    },
  );
}
