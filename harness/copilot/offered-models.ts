import { HarnessError } from "../base/index.ts";
import { externalSecret, inContainer } from "../diagnosis/index.ts";
import type { CopilotControl } from "../internet/index.ts";
import type { DeployedWorkspace, Model } from "../workspace/index.ts";

export const provider = "github-copilot";

/**
 * OpenCode offers the models that Copilot offers to its login. For a login that Copilot refuses it offers those that its own
 * release knows, so that a list alone proves nothing. Returns them.
 */
export async function expectOffered(
  { copilot }: { copilot: CopilotControl },
  workspace: DeployedWorkspace,
): Promise<Model[]> {
  const [seen, offered] = await Promise.all([modelsOf(workspace), copilot.offeredModels()]);
  if (seen.join() === offered.join()) return seen.map((modelID) => ({ providerID: provider, modelID }));
  const asked = await copilot.requests({ operation: "models" });
  const answers = asked.map(({ credential, status }) => `${status} to ${credential ?? "nobody"}`);
  throw new HarnessError(
    `OpenCode of ${workspace.name} should offer Copilot's models (${offered.join(", ")}), and offers ${seen.length === 0 ? "none" : `${seen.length} others`}`,
    {
      code: "failed",
      details: `Copilot was asked for its models: ${answers.join(", ") || "never"}`,
      remedy:
        "seed the auth.json of a Copilot login, whole and as JSON, into OpenCode's data directory (pitfalls 1, 8 and 11)",
      look: [
        externalSecret(workspace.name, "target", "template", "data", "COPILOT_AUTH_JSON"),
        inContainer(workspace.name, "seed-auth", "command"),
      ],
    },
  );
}

export async function modelsOf(workspace: DeployedWorkspace): Promise<string[]> {
  return (await workspace.user()).offeredModels(provider);
}
