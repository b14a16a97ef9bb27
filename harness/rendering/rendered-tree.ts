import type { KustomizationObject } from "./kustomization-object.ts";

export interface ObjectName {
  namespace: string;
  name: string;
}

/** An object as Flux or Helm would apply it. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

export interface RenderedObject {
  object: KubeObject;
  /**
   * The file of the tree that it comes from; of what a chart makes, the HelmRelease's, of what flux-operator makes, the
   * ResourceSet's, and of what External Secrets makes, the ClusterExternalSecret's. Missing where kustomize generates it.
   */
  file?: string;
  by: { release?: ObjectName; resourceSet?: ObjectName; clusterExternalSecret?: string };
}

/** Why something of the tree would not be applied as it is meant. */
export interface RenderProblem {
  /**
   * `kustomize`, `helm`: the tool failed. `chart`: our own chart lacks what the release asks of app-template, which says
   * nothing about the tree. `substitution`: Flux cannot substitute. `blanked`: a variable that nobody gives a value to and
   * that has no default, so that nothing stands in its place. `missing`: an object that another one names is not in the
   * tree. `ignored`: Flux leaves it out without a word. `remote`: it is elsewhere, and nothing is known of it. `operator`:
   * flux-operator cannot build it.
   */
  kind:
    | "kustomize"
    | "substitution"
    | "blanked"
    | "helm"
    | "chart"
    | "missing"
    | "ignored"
    | "remote"
    | "operator";
  /** One sentence of ours, or the tool's own words with paths as in the tree. */
  message: string;
  /** Missing of `remote`, which several may share. */
  kustomization?: ObjectName;
  release?: ObjectName;
  /** Relative to the tree. */
  file?: string;
  /** Counted from 1. */
  line?: number;
  /** Of `blanked`. */
  variable?: string;
}

/** A HelmRelease, and whether its chart is one that the harness renders. */
export interface ReleaseFact extends ObjectName {
  kustomization: ObjectName;
  /** Name and version of the chart as the tree pins it; missing where its source is not in the tree. */
  chart?: { name: string; version?: string };
  isRendered: boolean;
}

/** A Flux Kustomization that Flux reaches from the entry, and what it would apply. */
export interface RenderedKustomization extends ObjectName {
  /** After its parent's patches and substitution. */
  object: KustomizationObject;
  /** Directory in the tree, without `./`; "" is the root. */
  path: string;
  /** The Kustomization that applies it; missing for those of the entry. */
  appliedBy?: ObjectName;
  /** Its own, those of its ResourceSets and ClusterExternalSecrets, then those of its HelmReleases. */
  objects: RenderedObject[];
  /** Why it has none: the tool's words, or that it is suspended or comes from another source. */
  problem?: string;
}

export interface RenderedTree {
  /** Each after the one that applies it. */
  kustomizations: RenderedKustomization[];
  releases: ReleaseFact[];
  problems: RenderProblem[];
}
