import type { Cluster } from "../cluster/index.ts";
import type { DopplerControl } from "../internet/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

/** Two values for each of Doppler's keys. */
export interface Generations {
  first: Record<string, string>;
  second: Record<string, string>;
}

/** As much of a world as this room needs. */
export interface SecretsStage {
  readonly cluster: Cluster;
  readonly doppler: DopplerControl;
  readonly workspaces: readonly DeployedWorkspace[];
  secrets(): Promise<Generations>;
}
