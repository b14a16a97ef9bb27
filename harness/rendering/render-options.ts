import type { KustomizationObject } from "./kustomization-object.ts";
import type { SecretValue } from "./sops.ts";

export interface RenderOptions {
  /** The Kustomizations that the cluster starts from, as `entryOf` finds them. */
  entry: KustomizationObject[];
  /** What the run's values of SOPS secrets are; a placeholder stands for what it does not know. */
  secretValue?: SecretValue;
  /** Which releases helm renders: those that could run OpenCode (the default), or all of app-template. */
  releases?: "workspaces" | "all";
  /** Kustomization files of which something was left out that is elsewhere. */
  remote?: readonly string[];
  signal?: AbortSignal;
}
