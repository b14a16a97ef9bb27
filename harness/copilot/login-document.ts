import { HarnessError, retold, type StepSurroundings } from "../base/index.ts";
import { inController, seeding } from "../diagnosis/index.ts";
import type { Tree } from "../gitops/index.ts";
import {
  type CommandDocument,
  commandDocument,
  type OperatorMachine,
  OperatorShell,
} from "../operator/index.ts";
import { loginKey, nextValues, seedScript } from "../secrets/index.ts";
import { type DeployedWorkspace, type Model, seconds } from "../workspace/index.ts";
import { tokenOf } from "./auth-json.ts";
import { ask } from "./own-login.ts";
import type { CopilotStage } from "./stage.ts";

/** A person presses Enter where OpenCode asks which GitHub is meant: the public one comes first. */
const typed = "\r";
const restartWithinMs = 120_000;

/**
 * Reads the tree's document for a login that has expired.
 *
 * @throws HarnessError `failed` where there is none, or one without commands
 */
export function loginDocument(tree: Tree, { facts }: Pick<DeployedWorkspace, "facts">): CommandDocument {
  return commandDocument(tree, facts.loginDocument, {
    who: "whose login has expired finds out what to do",
    remedy:
      "compare it with manifests/kubernetes/apps/opencode/login-expired.md of the harness: ```sh blocks, in order (pitfall 11)",
  });
}

/**
 * Carries out the document on a machine of a person who has the repository, a login at Doppler and the cluster's keys.
 * GitHub gives each login with a code the next of the tokens that the workspaces did not have before.
 */
export async function logInAnewBy(
  { path, blocks }: CommandDocument,
  stage: CopilotStage & { tree(): Promise<Tree>; startOperatorMachine(): Promise<OperatorMachine> },
  context: StepSurroundings,
): Promise<void> {
  const { tokens, ...generations } = await stage.secrets();
  const next = await nextValues(stage.doppler, generations);
  await stage.github.layOutDeviceLogins(
    ...stage.workspaces.map((one) => tokenOf(next[loginKey(one, generations)] ?? "")),
  );
  const machine = await stage.startOperatorMachine();
  await machine.write(".doppler/token", tokens.dopplerToken);
  const script = stage.workspaces[0]?.facts.seedScript ?? seedScript;
  const tree = await stage.tree();
  if (tree.files.has(script)) await machine.write(script, tree.text(script), "700");
  await using shell = new OperatorShell(machine);
  await shell.carryOut(path, blocks, context, typed);
}

/** Reloader has restarted the workspace, and Copilot answers it; `former` is the name of the login that has expired. */
export async function expectAnsweredAgain(
  stage: CopilotStage,
  workspace: DeployedWorkspace,
  { model, former, oldPod }: { model: Model; former: string; oldPod: string | undefined },
  { progress }: Pick<StepSurroundings, "progress">,
): Promise<void> {
  const { name } = workspace;
  const startedAt = Date.now();
  await retold(workspace.readyPod({ otherThan: oldPod, timeoutMs: restartWithinMs }), {
    message: `${name} should start anew with the new login, without anybody's hand, and does not`,
    remedy:
      'annotate the workload with reloader.stakater.com/auto: "true", and seed to the key of Doppler that its ExternalSecret takes (pitfall 11)',
    look: [inController(name, "annotations")],
  });
  const { login, error } = await ask(stage, workspace, model);
  if (error === undefined && login !== undefined && login !== former) {
    return progress.note(
      `Copilot answers ${name} ${seconds(Date.now() - startedAt)} after the document was done`,
    );
  }
  throw new HarnessError(
    `Copilot should answer ${name} after the document is carried out, and ${error === undefined ? `is asked with ${login}` : `OpenCode shows "${error}"`}`,
    {
      code: "failed",
      remedy: "seed auth.json anew when the Secret has changed, not only where there is none (pitfall 11)",
      look: [seeding(name)],
    },
  );
}
