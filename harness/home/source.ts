import type { FluxEntry } from "../gitops/index.ts";
import type { RenderedTree } from "../rendering/index.ts";
import { isAggregate } from "./needs.ts";
import { objectsOf } from "./objects.ts";

/** The repository that the home's Flux reads. */
export interface HomeSource {
  namespace: string;
  name: string;
  /** As github.com's stand-in serves it; an address for SSH is asked over HTTPS. */
  url: string;
  /** `owner/name` on it. */
  repository: string;
  branch: string;
  /** The Secret that opens it, in its namespace. */
  secret: string;
  /** The GitRepository as it is applied. */
  object: Record<string, unknown>;
  /** Whether the home has it otherwise: for SSH, or not at all. */
  isAdapted: boolean;
}

/** Of a home whose repository does not name itself. */
const fallback = { url: "https://github.com/home/kubernetes", secret: "github-token", branch: "main" };

/** The GitRepository that the roots of the home are made from. */
export function sourceOf(rendered: RenderedTree): HomeSource {
  const root = rendered.kustomizations.find(({ appliedBy }) => appliedBy === undefined);
  const { sourceRef } = (root?.object.spec ?? {}) as { sourceRef?: { name?: string; namespace?: string } };
  const namespace = sourceRef?.namespace ?? root?.namespace ?? "flux-system";
  const name = sourceRef?.name ?? "home-kubernetes";
  const found = objectsOf(rendered, "GitRepository").find(
    ({ object }) => object.metadata.name === name,
  )?.object;
  const spec = (found?.spec ?? {}) as {
    url?: string;
    secretRef?: { name: string };
    ref?: { branch?: string };
    [field: string]: unknown;
  };
  const repository =
    /github\.com[:/]+([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(spec.url ?? "")?.[1] ?? "home/kubernetes";
  const isHttps = spec.url?.startsWith("https://github.com/") ?? false;
  const url = isHttps ? (spec.url ?? fallback.url) : `https://github.com/${repository}`;
  const secret = spec.secretRef?.name ?? fallback.secret;
  const branch = spec.ref?.branch ?? fallback.branch;
  const object = {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { ...found?.metadata, name, namespace },
    spec: { interval: "30m", ...spec, url, secretRef: { name: secret }, ref: { branch } },
  };
  const isAdapted = !isHttps || spec.secretRef === undefined || spec.ref?.branch === undefined;
  return { namespace, name, url, repository, branch, secret, object, isAdapted };
}

/** What a wait for Flux needs to know of the home. */
export function fluxEntryOf(rendered: RenderedTree): FluxEntry {
  const { namespace, name } = sourceOf(rendered);
  const parents = rendered.kustomizations.filter((one) => one.appliedBy === undefined || isAggregate(one));
  return {
    source: { namespace, name },
    parents: parents.map((one) => ({ namespace: one.namespace, name: one.name })),
  };
}

/** Secrets in which the Kustomizations look for the key of what SOPS has encrypted. */
export function ageSecretsOf(rendered: RenderedTree): string[] {
  const names = rendered.kustomizations.flatMap(({ object }) => {
    const { decryption } = (object.spec ?? {}) as { decryption?: { secretRef?: { name: string } } };
    return decryption?.secretRef?.name ?? [];
  });
  return [...new Set(names)];
}
