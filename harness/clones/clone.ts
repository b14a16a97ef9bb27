import { type DeployedWorkspace, remoteAddress, repositoryOf, runBeside } from "../workspace/index.ts";

/** What a workspace clones, and where to. */
export interface Clone {
  workspace: DeployedWorkspace;
  /** `owner/name` on github.com. */
  repository: string;
  directory: string;
}

/** Takes the workspace's clone off its volume, so that its next pod has to clone. */
export async function takeCloneAway(workspace: DeployedWorkspace): Promise<Clone> {
  const directory = await (await workspace.user()).directory();
  const remote = await runBeside(workspace, directory, remoteAddress);
  await removeClone(workspace, directory);
  return { workspace, repository: repositoryOf(remote.trim()), directory };
}

/** Takes the clone off its volume; a directory that is itself a mount stays, empty. */
export async function removeClone(workspace: DeployedWorkspace, directory: string): Promise<void> {
  await runBeside(workspace, directory, 'find . -mindepth 1 -delete; rmdir "$PWD" 2>/dev/null || true');
}
