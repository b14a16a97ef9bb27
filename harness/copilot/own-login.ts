import { HarnessError } from "../base/index.ts";
import { externalSecret, seeding } from "../diagnosis/index.ts";
import type { CopilotControl } from "../internet/index.ts";
import { loginKey } from "../secrets/index.ts";
import type { DeployedWorkspace, Model } from "../workspace/index.ts";
import type { CopilotStage } from "./stage.ts";

/** What came of one prompt. */
export interface Asked {
  /** Name of the login with which OpenCode asked, as the stand-in knows it; undefined where nothing was asked. */
  login: string | undefined;
  /** What OpenCode's user sees in place of an answer. */
  error: string | undefined;
}

/** Asks Copilot in a new session of the workspace, and looks at who asked. */
export async function ask(
  { copilot }: { copilot: CopilotControl },
  workspace: DeployedWorkspace,
  model: Model,
): Promise<Asked> {
  const user = await workspace.user();
  const session = await user.openSession("Who asks?");
  const { info } = await session.ask("With whose login do you ask?", model);
  const [first] = await copilot.requests({ operation: "prompt", session: session.id });
  const { error } = info;
  return {
    login: first?.credential ?? undefined,
    error: error && (error.data?.message ?? error.name),
  };
}

/**
 * Copilot answers the workspace's prompt, and was asked with the login that Doppler has for this workspace. Returns its
 * name.
 */
export async function expectOwnAnswer(
  stage: Pick<CopilotStage, "copilot" | "secrets">,
  workspace: DeployedWorkspace,
  model: Model,
): Promise<string> {
  const { login, error } = await ask(stage, workspace, model);
  const { name } = workspace;
  if (error !== undefined) {
    throw failed(
      workspace,
      `Copilot should answer ${model.modelID} in ${name}, and OpenCode shows "${error}"`,
    );
  }
  const own = loginKey(workspace, await stage.secrets());
  if (login !== undefined && (own === "" || login.startsWith(own))) return login;
  throw failed(
    workspace,
    `${name} should ask Copilot with its own login (${own}), and asks with ${login === "unknown" ? "one that Copilot does not know" : (login ?? "none")}`,
  );
}

function failed({ name }: DeployedWorkspace, message: string): HarnessError {
  return new HarnessError(message, {
    code: "failed",
    remedy:
      "give each workspace its own key in Doppler, and seed auth.json from it whenever the Secret has changed (pitfalls 10 and 11)",
    look: [externalSecret(name, "data"), seeding(name)],
  });
}
