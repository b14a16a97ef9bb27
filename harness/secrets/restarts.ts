import { HarnessError } from "../base/index.ts";
import { inController } from "../diagnosis/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

/** How often each workspace's pods were made anew by a change of its workload, since this was made. */
export class Restarts {
  readonly #before: Map<string, number>;

  private constructor(before: Map<string, number>) {
    this.#before = before;
  }

  static async since(workspaces: readonly DeployedWorkspace[]): Promise<Restarts> {
    const entries = workspaces.map(
      async (workspace) => [workspace.name, await generationOf(workspace)] as const,
    );
    return new Restarts(new Map(await Promise.all(entries)));
  }

  /** Each change of the pod template is a new generation of the workload, and so new pods. */
  async of(workspace: DeployedWorkspace): Promise<number> {
    return (await generationOf(workspace)) - (this.#before.get(workspace.name) ?? 0);
  }

  /** The workspace was restarted so often, no more and no less. */
  async expect(workspace: DeployedWorkspace, times: number, why: string): Promise<void> {
    const seen = await this.of(workspace);
    if (seen === times) return;
    throw new HarnessError(
      `${workspace.name} should be restarted ${told(times)} ${why}, and was ${told(seen)}`,
      {
        code: "failed",
        remedy:
          "annotate the workspace's own workload with reloader.stakater.com/auto, and share no Secret between two (pitfall 11)",
        look: [inController(workspace.name, "annotations")],
      },
    );
  }
}

const told = (times: number): string =>
  times === 0 ? "not at all" : times === 1 ? "once" : `${times} times`;

async function generationOf(workspace: DeployedWorkspace): Promise<number> {
  return (await workspace.workload()).metadata?.generation ?? 0;
}
