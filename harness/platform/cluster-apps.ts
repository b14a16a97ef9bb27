import type { Component, KubeObject, PlatformInputs } from "./component.ts";

const fluxNamespace = "flux-system";
const gitSecret = "github-token";

/** Repository on github.com's stand-in that serves a tree to Flux. */
export interface GitSource {
  /** Name of the GitRepository. */
  name: string;
  url: string;
}

/** The tree under test. Its address is the home owner's; the workspaces' own repositories are others. */
export const homeKubernetes: GitSource = {
  name: "home-kubernetes",
  url: "https://github.com/jbaker/home-kubernetes.git",
};
/** The platform's tree. */
export const harnessPlatform: GitSource = {
  name: "harness-platform",
  url: "https://github.com/jbaker/harness-platform.git",
};

export function gitRepository({ name, url }: GitSource): KubeObject {
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name, namespace: fluxNamespace },
    spec: { interval: "30m", timeout: "20s", url, ref: { branch: "main" }, secretRef: { name: gitSecret } },
  };
}

/** A Flux Kustomization of the platform: it adopts what the start has applied already. */
export function componentKustomization({ name, healthChecks = [] }: Component): KubeObject {
  const expressions = healthChecks.flatMap(({ apiVersion, kind, current }) =>
    current ? [{ apiVersion, kind, current }] : [],
  );
  return kustomization(name, {
    sourceRef: { kind: "GitRepository", name: harnessPlatform.name },
    path: `./${name}`,
    prune: false,
    healthChecks: healthChecks.map(({ apiVersion, kind, name, namespace }) => ({
      apiVersion,
      kind,
      name,
      ...(namespace ? { namespace } : {}),
    })),
    ...(expressions.length > 0 ? { healthCheckExprs: expressions } : {}),
  });
}

/**
 * The parent that finds kubernetes/apps/opencode, as in the home cluster's kubernetes/flux/apps.yaml: it gives every
 * child Kustomization the cluster's settings and secrets to substitute.
 */
export function clusterApps(): KubeObject[] {
  const substituteFrom = [
    { kind: "ConfigMap", name: "cluster-settings" },
    { kind: "Secret", name: "cluster-secrets" },
  ];
  const patch = {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: "any" },
    spec: { postBuild: { substituteFrom } },
  };
  return [
    gitRepository(homeKubernetes),
    kustomization("cluster-apps", {
      sourceRef: { kind: "GitRepository", name: homeKubernetes.name },
      path: "./kubernetes/apps",
      prune: true,
      postBuild: { substituteFrom },
      patches: [
        {
          patch: JSON.stringify(patch),
          target: {
            group: "kustomize.toolkit.fluxcd.io",
            kind: "Kustomization",
            labelSelector: "substitution.flux.home.arpa/disabled notin (true)",
          },
        },
      ],
    }),
  ];
}

function kustomization(name: string, spec: object): KubeObject {
  return {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name, namespace: fluxNamespace },
    spec: { interval: "30m", retryInterval: "5s", timeout: "5m", wait: false, ...spec },
  };
}

/** What every ks.yaml may substitute, and how Flux gets at its repositories. */
export const clusterSettings: Component = {
  name: "cluster-settings",
  objects: () => [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "cluster-settings", namespace: fluxNamespace },
      data: { TIMEZONE: "Etc/UTC" },
    },
  ],
  secrets: ({ domain, gitToken }: PlatformInputs) => [
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "cluster-secrets", namespace: fluxNamespace },
      stringData: { SECRET_DOMAIN: domain },
    },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: gitSecret, namespace: fluxNamespace },
      stringData: { username: "x-access-token", password: gitToken },
    },
  ],
  ledger: () => [
    {
      part: "GitRepository home-kubernetes",
      production:
        "the whole repository of the home cluster over SSH, each push followed by a webhook or the next interval",
      here: "kubernetes/apps/opencode and what it refers to, from a git server over TLS with a token; reconciled on demand",
      why: "only this application is under test",
      hides: "another application's manifest that collides with it; a failure of the webhook",
    },
    {
      part: "SOPS",
      production: "cluster-secrets and others are decrypted by the kustomize controller",
      here: "cluster-secrets is applied as it is; nothing is decrypted",
      why: "the age key is the home owner's",
      hides: "a file that cannot be decrypted",
    },
    {
      part: "other operators of the home cluster",
      production: "Reloader restarts pods whose secret changed, Prometheus scrapes",
      here: "none of them runs; their annotations are inert",
      why: "they are not to be had as packages, or have nobody to talk to",
      hides: "a wrong annotation for one of them",
    },
  ],
};
