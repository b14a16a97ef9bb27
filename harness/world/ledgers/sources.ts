import type { Cluster, ClusterNode } from "../../cluster/index.ts";
import type { Entry, Home } from "../../home/index.ts";
import type { PreparedImages } from "../../images/index.ts";
import type { KeylessInputs } from "../../platform/index.ts";
import type { Ending } from "../started-world.ts";
import type { World } from "../world.ts";

export type LedgerCluster = Pick<Cluster, "log"> & {
  objects: Pick<Cluster["objects"], "all">;
  nodes: readonly Pick<ClusterNode, "name" | "exec">[];
};

/** What the ledgers of a run are made of. */
export interface LedgerSources {
  cluster: LedgerCluster;
  images: Pick<PreparedImages, "source" | "node" | "components">;
  inputs: KeylessInputs;
  home: Pick<Home, "tree" | "rendered" | "kept" | "blind" | "isWhole" | "needs">;
  entry: Pick<Entry, "replaced" | "leftOut">;
  /** Who had an address, pods that are gone included. */
  whoHad: (ip: string) => string | undefined;
  world: Pick<World, "tree"> & {
    cluster: { objects: Pick<Cluster["objects"], "find"> };
  };
  ending: () => Promise<Ending>;
  /** Told what could not be found out. */
  note: (text: string) => void;
}
