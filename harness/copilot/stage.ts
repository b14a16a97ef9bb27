import type { CopilotControl, DopplerControl, GitHubControl } from "../internet/index.ts";
import type { Generations } from "../secrets/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

/** As much of a world as this room needs. */
export interface CopilotStage {
  readonly copilot: CopilotControl;
  readonly github: GitHubControl;
  readonly doppler: DopplerControl;
  readonly workspaces: readonly DeployedWorkspace[];
  secrets(): Promise<Generations & { tokens: { dopplerToken: string } }>;
}
