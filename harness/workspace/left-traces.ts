import { HarnessError } from "../base/index.ts";
import type { GitHubControl } from "../internet/index.ts";
import type { DeployedWorkspace } from "./deployed-workspace.ts";
import { expectSameAuth, expectSameVolumes, expectSameWork } from "./expectations.ts";
import { expectNoClone, repositoryOf } from "./git-record.ts";
import { leaveTraces, readTraces, type Traces } from "./traces.ts";

/** What one step leaves in the workspaces, for later steps to look for. */
export class LeftTraces {
  readonly #left = new Map<string, Traces>();

  /** Leaves a session and three kinds of work; see leaveTraces. */
  async leaveIn(workspace: DeployedWorkspace): Promise<void> {
    this.#left.set(workspace.name, await leaveTraces(workspace));
  }

  /** What was left in this workspace. */
  of({ name }: DeployedWorkspace): Traces {
    const traces = this.#left.get(name);
    if (!traces) throw new HarnessError(`nothing was left in ${name}`, { code: "failed" });
    return traces;
  }
}

/** Session, work and login are as they were left, on the volumes that they had, and nothing was cloned since. */
export async function expectKept(
  workspace: DeployedWorkspace,
  left: Traces,
  github: GitHubControl,
): Promise<void> {
  const found = await readTraces(workspace, left.session);
  expectSameVolumes(workspace.name, left.volumes, found.volumes);
  expectSameWork(workspace.name, left, found);
  expectSameAuth(workspace, left.auth, found.auth);
  if (left.work.remote) await expectNoClone(github, repositoryOf(left.work.remote));
}
