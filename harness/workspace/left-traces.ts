import { HarnessError } from "../base/index.ts";
import type { DeployedWorkspace } from "./deployed-workspace.ts";
import { leaveTraces, type Traces } from "./traces.ts";

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
