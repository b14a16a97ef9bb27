import { HarnessError, retold } from "../base/index.ts";
import { seeding } from "../diagnosis/index.ts";
import { loginKey } from "../secrets/index.ts";
import type { DeployedWorkspace, Model } from "../workspace/index.ts";
import { tokenOf } from "./auth-json.ts";
import { ask } from "./own-login.ts";
import type { CopilotStage } from "./stage.ts";

/**
 * OpenCode itself gets a new login, as its user asks for one in the web UI: it stores it in auth.json, and asks with it from
 * then on. Returns the login's name.
 */
export async function renewInOpenCode(
  stage: CopilotStage,
  workspace: DeployedWorkspace,
  model: Model,
): Promise<string> {
  const { name } = workspace;
  const { first, second } = await stage.secrets();
  const key = loginKey(workspace, { first, second });
  const before = await ask(stage, workspace, model);
  // What OpenCode asks with tells which of the two it has: Doppler's content may be a login in OpenCode's own writing.
  const other = (before.login === key ? second : first)[key];
  await stage.github.layOutDeviceLogins(tokenOf(other ?? ""));
  await retold((await workspace.user()).logInToCopilot(), {
    message: `OpenCode of ${name} should store a new login in its auth.json, and cannot`,
    remedy:
      "auth.json belongs to OpenCode, which renews logins in it: owned by its user, mode 600, on the volume (pitfall 1)",
    look: [seeding(name)],
  });
  const { login, error } = await ask(stage, workspace, model);
  if (error === undefined && login !== undefined && login !== before.login) return login;
  throw failed(
    workspace,
    `OpenCode of ${name} should ask with the login that it has renewed, and asks with ${login ?? error}`,
  );
}

/** The login that OpenCode has renewed is still the one it asks with: nobody has put an older one back. */
export async function expectLoginKept(
  stage: CopilotStage,
  workspace: DeployedWorkspace,
  model: Model,
  renewed: string,
): Promise<void> {
  const { login, error } = await ask(stage, workspace, model);
  if (login === renewed && error === undefined) return;
  throw failed(
    workspace,
    `OpenCode of ${workspace.name} should still ask with the login that it has renewed (${renewed}), and asks with ${login ?? error}`,
  );
}

function failed({ name }: DeployedWorkspace, message: string): HarnessError {
  return new HarnessError(message, {
    code: "failed",
    remedy:
      "the file on the volume wins until the Secret itself changes: seed it then, and only then (pitfalls 10 and 11)",
    look: [seeding(name)],
  });
}
