import type { ManifestPlace } from "../base/index.ts";
import { factsOf } from "./known-workspaces.ts";

/*
 * Where the checks send their reader, by object and field. Objects and containers have the names that the tree gives them;
 * names of items among a chart's values are those of manifests/: in another tree the nearest field above is shown.
 */

type Field = (string | number)[];

/** Of every workspace where the name is not given, here and below. */
const named = (kind: string, name: string | undefined, field: Field): ManifestPlace => ({
  kind,
  ...(name === undefined ? {} : { name }),
  field,
});

/** A field of the chart's values; of a workload without a chart its pod template. */
export function inValues(workspace: string | undefined, ...field: Field): ManifestPlace {
  const facts = factsOf(workspace);
  if (facts && !facts.release)
    return named(facts.workload.kind, facts.workload.name, ["spec", "template", "spec"]);
  return named("HelmRelease", facts?.release?.name ?? workspace, ["spec", "values", ...field]);
}

/** What a container is for, or its name: OpenCode's is `app`, `git-clone` clones, `seed-auth` writes auth.json. */
function nameOf(workspace: string | undefined, container: string): string {
  const facts = factsOf(workspace);
  const roles: Record<string, string | undefined> = {
    app: facts?.container,
    "git-clone": facts?.clones[0]?.container,
    "seed-auth": facts?.login?.container,
  };
  return roles[container] ?? container;
}

/** With which a script says who may read a file. */
export const permissionWords = ["chmod", "install ", "umask"];

/** A field of one container. */
export function inContainer(
  workspace: string | undefined,
  container: string,
  ...field: Field
): ManifestPlace {
  const facts = factsOf(workspace);
  const name = nameOf(workspace, container);
  const isInit = facts ? facts.initContainers.includes(name) : container !== "app";
  const group = isInit ? "initContainers" : "containers";
  if (facts && !facts.release) {
    const item = isInit ? [facts.initContainers.indexOf(name)] : [];
    return named(facts.workload.kind, facts.workload.name, ["spec", "template", "spec", group, ...item]);
  }
  // Without its name the controller cannot be named either.
  const controller = workspace === undefined ? [] : [facts?.release?.controller ?? workspace];
  return inValues(workspace, "controllers", ...controller, group, name, ...field);
}

export function inController(workspace: string | undefined, ...field: Field): ManifestPlace {
  const controller = factsOf(workspace)?.release?.controller ?? workspace;
  return inValues(workspace, "controllers", ...(controller === undefined ? [] : [controller, ...field]));
}

export const podSecurity = (workspace: string | undefined): ManifestPlace =>
  inValues(workspace, "defaultPodOptions", "securityContext");

/** The workspace's claim. */
export const claim = (workspace: string | undefined, ...field: Field): ManifestPlace =>
  named("PersistentVolumeClaim", factsOf(workspace)?.claims[0]?.name ?? workspace, ["spec", ...field]);

export const existingClaim = (workspace: string | undefined): ManifestPlace =>
  inValues(workspace, "persistence", "data", "existingClaim");

/** The script that clones, at the first of these words that it has, or at the clone itself. */
export const cloning = (workspace: string | undefined, ...words: string[]): ManifestPlace => ({
  ...inContainer(workspace, "git-clone", "command"),
  words: [...words, " clone "],
});

/** The script that brings auth.json to its place. */
export const seeding = (workspace: string | undefined): ManifestPlace => ({
  ...inContainer(workspace, "seed-auth", "command"),
  words: ["cp ", "install ", "auth.json"],
});

/** Where the volume's directories are mounted in OpenCode's container. */
export function dataMounts(workspace: string): ManifestPlace {
  const { release, container = "app" } = factsOf(workspace) ?? {};
  const controller = release?.controller ?? workspace;
  return inValues(workspace, "persistence", "data", "advancedMounts", controller, container);
}

export const externalSecret = (workspace: string | undefined, ...field: Field): ManifestPlace =>
  named(
    "ExternalSecret",
    factsOf(workspace)?.externalSecrets[0]?.name ?? (workspace && `${workspace}-secret`),
    ["spec", ...field],
  );

/** Flux's Kustomization (ks.yaml). */
export const fluxKustomization = (name: string | undefined, ...field: Field): ManifestPlace =>
  named("Kustomization", factsOf(name)?.kustomization.name ?? name, ["spec", ...field]);

/** The BackendTrafficPolicy of the workspace's route. */
export const trafficPolicy = (workspace: string | undefined, ...field: Field): ManifestPlace =>
  named("BackendTrafficPolicy", workspace, field);

/** The chart's version. */
export const chartVersion = (workspace: string | undefined): ManifestPlace =>
  named("OCIRepository", workspace, ["spec", "ref"]);

export const certificateNames: ManifestPlace = { kind: "Certificate", field: ["spec", "dnsNames"] };

export const route = (workspace: string | undefined, ...field: Field): ManifestPlace =>
  inValues(workspace, "route", "app", ...field);
