import { HarnessError, type StepSurroundings } from "../base/index.ts";
import { externalSecret, seeding } from "../diagnosis/index.ts";
import type { CopilotControl, CopilotRequest } from "../internet/index.ts";
import type { DeployedWorkspace, Model } from "../workspace/index.ts";

export const provider = "github-copilot";

/** OpenCode 1.18 gives Copilot 5 s for its list, once; with half a core on a busy machine TLS alone can take longer. */
const attempts = 4;

/**
 * OpenCode offers the models that Copilot offers to its login. For a login that Copilot refuses, or when Copilot's list comes
 * too late, it offers those that its own release knows, so that a list alone proves nothing. One that came too late is
 * asked for again, and that is told. Returns the models.
 */
export async function expectOffered(
  { copilot, alone }: { copilot: CopilotControl; alone(): Promise<void> },
  workspace: DeployedWorkspace,
  { progress }: Pick<StepSurroundings, "progress">,
): Promise<Model[]> {
  const offered = await copilot.offeredModels();
  for (let attempt = 1; ; attempt++) {
    const seen = await modelsOf(workspace);
    if (seen.join() === offered.join()) return seen.map((modelID) => ({ providerID: provider, modelID }));
    const asked = await copilot.requests({ operation: "models" });
    const isRefused = asked.some(({ status }) => status !== null && status >= 400);
    if (seen.length === 0 || isRefused || attempt === attempts)
      throw notOffered(workspace, { seen, offered, asked });
    progress.note(
      `${workspace.name} offers ${seen.length} models of its own release: Copilot's list has not reached it within OpenCode's 5 s`,
    );
    await alone(); // it ends the terminals and event streams that others hold there
    await (await workspace.user()).readAnew();
  }
}

function notOffered(
  { name }: DeployedWorkspace,
  { seen, offered, asked }: { seen: string[]; offered: string[]; asked: CopilotRequest[] },
): HarnessError {
  const answers = asked.map(({ credential, status }) => `${status} to ${credential ?? "nobody"}`);
  return new HarnessError(
    `OpenCode of ${name} should offer Copilot's models (${offered.join(", ")}), and offers ${seen.length === 0 ? "none" : `${seen.length} others`}`,
    {
      code: "failed",
      details: `Copilot was asked for its models: ${answers.join(", ") || "never"}`,
      remedy:
        "seed the auth.json of a Copilot login, whole and as JSON, into OpenCode's data directory (pitfalls 1, 8 and 11)",
      look: [externalSecret(name, "target", "template", "data", "COPILOT_AUTH_JSON"), seeding(name)],
    },
  );
}

export async function modelsOf(workspace: DeployedWorkspace): Promise<string[]> {
  return (await workspace.user()).offeredModels(provider);
}
