import type { Authority, KeyPair } from "../base/index.ts";
import type { HomeExternalDns } from "../home/index.ts";
import type { KubeObject } from "../rendering/index.ts";

export type { KubeObject };

/** Image references as the nodes pull them: the upstream ones, which the mirror registry serves. */
export interface PlatformImages {
  sourceController: string;
  kustomizeController: string;
  helmController: string;
  externalSecrets: string;
  certManager: string;
  envoyGateway: string;
  envoy: string;
  csiProvisioner: string;
  csiAttacher: string;
  reloader: string;
  csiSnapshotter: string;
  csiResizer: string;
  snapshotController: string;
  externalDns: string;
  volsync: string;
  /** The image with the stand-ins; the CSI driver is one of them. */
  fixtures: string;
}

/** How External Secrets reaches Doppler's stand-in: by its webhook provider, or by the production store unchanged. */
export type StoreKind = "webhook" | "doppler";

export interface PlatformInputs {
  images: PlatformImages;
  authority: Authority;
  /** Signs the certificates of the cluster's gateways, in place of Let's Encrypt. */
  issuer: KeyPair;
  store: StoreKind;
  /** A git server's token with which Flux reads the GitOps repositories. */
  gitToken: string;
  /** Secrets of flux-system in which the home's GitRepositories look for it. */
  gitSecrets: readonly string[];
  /** Doppler's service token, for the webhook store; the home's own store has it in a Secret of its own. */
  dopplerToken: string;
  /** The age identity (AGE-SECRET-KEY-…) for which the home's SOPS files are encrypted in this run. */
  ageIdentity: string;
  /** Secrets of flux-system in which the home's Kustomizations look for it. */
  ageSecrets: readonly string[];
  /** The gateways that lead to workspaces. */
  gateways: readonly GatewayInputs[];
  /** `provider.kubernetes.deploy` of the home's Envoy Gateway: where Envoy's pods stand. */
  gatewayDeploy?: { type: string } | undefined;
  /** The home's external-dns, if it has one. */
  externalDns?: HomeExternalDns | undefined;
}

/** The same without the keys of authorities, which only the start of a world has. */
export type KeylessInputs = Omit<PlatformInputs, "authority" | "issuer">;

export interface GatewayInputs {
  namespace: string;
  name: string;
}

/** One difference from production: what it is here, why, and what it could hide. */
export interface FidelityEntry {
  part: string;
  production: string;
  here: string;
  why: string;
  hides: string;
}

/**
 * One part of the platform that the home cluster gets from charts. Its objects are applied directly at the start of a
 * run, so that all parts come up side by side; the home's own Kustomizations and HelmReleases of these parts are there as
 * stand-ins that are Ready.
 */
export interface Component {
  name: string;
  objects(inputs: PlatformInputs): KubeObject[];
  /** Credentials and keys. */
  secrets?(inputs: PlatformInputs): KubeObject[] | Promise<KubeObject[]>;
  ledger(inputs: KeylessInputs): FidelityEntry[];
}
