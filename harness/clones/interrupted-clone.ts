import { HarnessError } from "../base/index.ts";
import { cloning } from "../diagnosis/index.ts";
import type { GitHubControl } from "../internet/index.ts";
import { type DeployedWorkspace, runBeside, untilCloning } from "../workspace/index.ts";
import { removeClone } from "./clone.ts";
import { stallAfterBytes } from "./stalled-clones.ts";

/**
 * Takes the workspace's clone away and lets a node die, as it were, while the first container clones anew: the pack
 * stalls on the wire, the pod is killed without grace, and the network is well again. What is left of that clone is
 * what the next pod finds.
 */
export async function interruptClone(
  workspace: DeployedWorkspace,
  github: GitHubControl,
  clone: { repository: string; directory: string },
  signal: AbortSignal,
): Promise<void> {
  const { repository, directory } = clone;
  await removeClone(workspace, directory);
  await github.forgetRequests();
  // Once: the next clone goes through while this one stays stalled until its process is killed. A git that saw its
  // connection end would clear its half clone away, and nothing would be left to find.
  await github.fault({ kind: "stall", repository, afterBytes: stallAfterBytes, times: 1 });
  await workspace.deletePod(await workspace.readyPod());
  await untilCloning(github, repository, 90_000, signal);
  const killed = await workspace.pods();
  await Promise.all(killed.map((pod) => workspace.deletePod(pod, 0)));
}

/**
 * The repository is there as github.com has it: the head commit, every file of it, and none of them changed. What a start puts
 * beside them (a configuration of OpenCode's, for instance) is no damage.
 */
export async function expectWholeClone(
  workspace: DeployedWorkspace,
  github: GitHubControl,
  { repository, directory }: { repository: string; directory: string },
): Promise<void> {
  const user = await workspace.user();
  await user.untilAnswered("/");
  const { revision } = await github.head(repository);
  const questions =
    "git fsck --no-dangling && git status --porcelain --untracked-files=no && git rev-parse HEAD";
  const found = await runBeside(workspace, directory, questions).catch((error: unknown) =>
    error instanceof HarnessError ? (error.details ?? error.message) : String(error),
  );
  if (found.trim() === revision) return;
  throw new HarnessError(
    `after an interrupted clone ${directory} of ${workspace.name} is not a whole clone of ${repository}`,
    {
      code: "failed",
      details: `expected: ${revision}\nfound: ${found}`,
      remedy:
        "clone beside the final place and rename when it is whole; test for .git, not for the directory (pitfall 2)",
      look: [cloning(workspace.name, "if [")],
    },
  );
}
