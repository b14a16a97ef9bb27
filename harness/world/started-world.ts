import type { ManifestPlace, Progress, Whereabouts } from "../base/index.ts";
import type { Tree } from "../gitops/index.ts";
import type { EgressEntry } from "../internet/index.ts";
import type { PodUsage } from "../observe/index.ts";
import type { FidelityEntry } from "../platform/index.ts";

export type { EgressEntry, FidelityEntry };

/*
 * What the command line and the scenario runner need of a world. Light, so that --help need not load a world; the unit
 * tests provide fakes.
 */

export const imageSources = ["auto", "registry", "packages"] as const;
export const storeKinds = ["webhook", "doppler"] as const;
export const keepPolicies = ["always", "on-failure", "never"] as const;
export type ImageSource = (typeof imageSources)[number];
export type StoreKind = (typeof storeKinds)[number];
export type KeepPolicy = (typeof keepPolicies)[number];

/** Plain JSON without secrets: what a vitest worker needs to find the running world again. */
export type WorldDescriptor = Record<string, unknown>;

/** A change of the tree in memory before it is published; a mutant is one. */
export interface TreeEdit {
  name: string;
  edit: (tree: Tree) => void;
}

export interface WorldOptions {
  images: ImageSource;
  store: StoreKind;
  /** The tree under test. */
  manifests: string;
  /** File that says what no Git holds; see fixtures/home/outside.yaml. */
  outside?: string | undefined;
  /** The tree is published with this edit from the start. */
  mutant?: TreeEdit;
  keep: KeepPolicy;
  runId: string;
  runDir: string;
  progress: Progress;
  signal: AbortSignal;
}

export interface Ledgers {
  fidelity: FidelityEntry[];
  /** Missing where the log of queries could not be read. */
  egress?: EgressEntry[];
  /** How things stand at the end; missing where that could not be asked. */
  ending?: Ending;
  /** What became of the home's parts that no workspace is made of, and what a run of this tree cannot notice. */
  home?: HomeLedger;
  /** Digest of the published tree, and the revision that Flux reported as applied. */
  tree?: { published: string; applied: string };
}

export interface Ending {
  /** How often each container of the workspaces' pods was started anew, by `workload/container`. */
  restarts: Record<string, number>;
  /** Records in DNS, as `name type targets`. */
  records: string[];
  /** Clones and fetches of each repository, but Flux's, that no scenario has told the timeline. */
  clones: Record<string, number>;
}

export interface HomeLedger {
  /** Kustomizations that no workspace needs, as `namespace/name`: there, but suspended. */
  leftOut: string[];
  /** Files that the home has already, so that those of the tree under test were not taken. */
  kept: string[];
  blind: string[];
}

/** How the tree on disk differs from the one that is published, and what may become of the world. */
export interface TreeChange {
  /** Paths that differ, relative to the tree. */
  files: string[];
  /** The least that makes the world fit for it: nothing but to publish it, to put the world back first, a new world. */
  needs: "publishing" | "putting back" | "a new world";
  /** Why publishing it is not enough. */
  why?: string;
  /** False where Flux can call Ready what it has applied as it was before: one of its own Kustomizations has changed. */
  isToldByFlux: boolean;
  /** Flux and Helm apply the same as before, as far as can be seen: comments, and files that nobody reads. */
  isAppliedAlike: boolean;
}

export interface WorkspaceAccess {
  name: string;
  url: string;
  host: string;
  /** Where the gateway is reached from this machine. */
  address: string;
  port: number;
  /** File with mode 0600 that holds the server password. */
  passwordFile: string;
}

export interface WorldAccess {
  kubeconfig: string;
  caFile: string;
  workspaces: WorkspaceAccess[];
}

/** The manifests as they stand by now. */
export interface Reread {
  /** Against what is published. */
  change: TreeChange;
  /** From now on what is published is made from them. */
  take(): void;
}

/** A world from the side of the process that started it. Disposing removes everything unless `keep` was called. */
export interface StartedWorld extends AsyncDisposable {
  readonly descriptor: WorldDescriptor;
  readonly access: WorldAccess;
  /** The file with the keys of the cluster's administrator. */
  readonly kubeconfigFile: string;
  /** Aborted, with the reason, when the world is gone though nobody disposed of it: its engine died. */
  readonly lost: AbortSignal;
  /** Reads the manifests again; the world stays as it is. Throws what is wrong with them. */
  reread(): Promise<Reread>;
  /** Back to the state before the tree was published: no workspace, no volume, empty records. Throws when it cannot. */
  reset(progress: Progress): Promise<void>;
  /** Waits until every workspace of the tree answers. */
  ready(): Promise<void>;
  /**
   * Publishes the tree, edited by the mutant if one is given, and lets Flux see it. From `stored` on steps know which tree it
   * is, and may wait for Flux to apply it.
   */
  publish(mutant?: TreeEdit, stored?: () => void): Promise<void>;
  /**
   * Publishes the tree again as it was published last, where a scenario has changed it through Git since. Waits for nothing:
   * who comes next waits until Flux has it.
   */
  takeBack(): Promise<void>;
  /** Where places of the manifests stand in the tree that is published, as the user can open them. */
  whereIs(places: readonly ManifestPlace[]): Whereabouts[];
  ledgers(): Promise<Ledgers>;
  /** Memory and CPU of its pods so far. */
  usage(): PodUsage[];
  /** Logs, events and objects as they are now, into `dir`. */
  collectEvidence(dir: string): Promise<void>;
  /** From now on disposing leaves the cluster running. Returns the one command that re-enters it. */
  keep(): Promise<string>;
}

export type StartWorld = (options: WorldOptions) => Promise<StartedWorld>;

/**
 * Goes on with the world that was kept last. It stays kept, whatever comes of it.
 * @throws HarnessError `environment` when there is none, it is in use, or it was built for something else.
 */
export type ReuseWorld = (options: WorldOptions) => Promise<StartedWorld>;
