import type { Cluster } from "../cluster/index.ts";
import type { DopplerControl } from "../internet/index.ts";
import type { Generations } from "../operator/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

/** As much of a world as this room needs. */
export interface SecretsStage {
  readonly cluster: Cluster;
  readonly doppler: DopplerControl;
  readonly workspaces: readonly DeployedWorkspace[];
  secrets(): Promise<Generations>;
}

export type { ShellContext as StepSurroundings } from "../operator/index.ts";
