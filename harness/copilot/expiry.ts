import { HarnessError, type StepSurroundings } from "../base/index.ts";
import type { CopilotControl } from "../internet/index.ts";
import type { DeployedWorkspace, Model } from "../workspace/index.ts";
import { modelsOf } from "./offered-models.ts";
import { ask } from "./own-login.ts";
import type { CopilotStage } from "./stage.ts";

/** These logins have expired, until it is disposed of: whoever has the world next finds logins that are as good as before. */
export async function expired(
  { copilot }: { copilot: CopilotControl },
  logins: Iterable<string>,
): Promise<AsyncDisposable> {
  await copilot.expire(...logins);
  return { [Symbol.asyncDispose]: () => copilot.expire() };
}

/**
 * The login has expired: whoever asks sees why, though the pod is Ready and the models are listed as before. Returns what
 * OpenCode shows.
 */
export async function expectExpiryTold(
  stage: CopilotStage,
  workspace: DeployedWorkspace,
  model: Model,
  { progress }: Pick<StepSurroundings, "progress">,
): Promise<void> {
  const { error } = await ask(stage, workspace, model);
  if (error === undefined) {
    throw new HarnessError(
      `OpenCode of ${workspace.name} should tell that its login has expired, and says nothing`,
      {
        code: "failed",
        remedy: "look at OpenCode's own handling of a refused login in this release (pitfall 11)",
      },
    );
  }
  const pod = await workspace.readyPod({ timeoutMs: 5_000 });
  const listed = (await modelsOf(workspace)).length;
  progress.note(
    `${workspace.name} shows "${error}"; its pod ${pod.metadata?.name} stays Ready, and ${listed} models are listed as before`,
  );
}
