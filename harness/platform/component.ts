import type { Authority } from "../base/index.ts";

/** A Kubernetes object on its way to the API server; written here, never read, so it needs no closer type. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: unknown;
}

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
  csiSnapshotter: string;
  csiResizer: string;
  snapshotController: string;
  externalDns: string;
  /** The image with the stand-ins; the CSI driver is one of them. */
  fixtures: string;
}

/** How External Secrets reaches Doppler's stand-in: by its webhook provider, or by the production store unchanged. */
export type StoreKind = "webhook" | "doppler";

export interface PlatformInputs {
  images: PlatformImages;
  authority: Authority;
  store: StoreKind;
  /** SECRET_DOMAIN of the home cluster, for instance angryninja.cloud. */
  domain: string;
  /** A git server's token with which Flux reads the GitOps repositories. */
  gitToken: string;
  /** Doppler service token of project k3s-cluster, config prd. */
  dopplerToken: string;
  /** TLS secrets, besides the wildcard's, that the gateway's HTTPS listener serves. */
  gatewayCertificates: { namespace: string; name: string }[];
}

/** One difference from production: what it is here, why, and what it could hide. */
export interface FidelityEntry {
  part: string;
  production: string;
  here: string;
  why: string;
  hides: string;
}

/** The object that a Flux Kustomization waits for before it calls itself Ready. */
export interface HealthCheck {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
  /** CEL expression for kinds whose readiness Flux cannot tell by itself. */
  current?: string;
}

/**
 * One part of the home cluster. Its `objects` stand twice: applied directly at the start of a run, so that all parts
 * come up side by side, and in git, where the Flux Kustomization of this name adopts them as they are.
 */
export interface Component {
  /** Name of the Flux Kustomization; some are names that ks.yaml files depend on. */
  name: string;
  healthChecks?: HealthCheck[];
  objects(inputs: PlatformInputs): KubeObject[];
  /** What never goes to git: credentials and keys. */
  secrets?(inputs: PlatformInputs): KubeObject[] | Promise<KubeObject[]>;
  ledger(inputs: PlatformInputs): FidelityEntry[];
}
