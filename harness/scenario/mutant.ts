import type { Tree } from "../gitops/index.ts";

/** Where a scenario must fail, and with which words. */
export interface CaughtBy {
  /** Title of the step that must fail. */
  step: string;
  /** What the failure must say, so that it fails for this reason and no other. */
  message: RegExp;
}

/** A mistake that people make, as a small edit of the manifests, and where the scenario must notice it. */
export interface Mutant {
  /** Kebab-case, unique within its scenario. */
  name: string;
  title: string;
  /** Number of the pitfall that it falls into. */
  pitfall?: number;
  /**
   * Applied over running workspaces it shows the same as on a new cluster: nothing that the tree before it has left
   * behind (a volume, a Secret, a pod) hides it, and it leaves nothing behind that the next one would stumble over (a
   * secret in the log of a pod that has just gone). Saves a start of the workspaces.
   */
  overRunning?: true;
  /** Edits the tree in memory; the files on disk stay as they are. */
  edit: (tree: Tree) => void;
  caughtBy: CaughtBy;
  /** The other place, where it is the scheduler's luck which of two comes first. */
  orCaughtBy?: CaughtBy;
}

/** Every place where it may be caught. */
export function placesOf({ caughtBy, orCaughtBy }: Pick<Mutant, "caughtBy" | "orCaughtBy">): CaughtBy[] {
  return orCaughtBy ? [caughtBy, orCaughtBy] : [caughtBy];
}
