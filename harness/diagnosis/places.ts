import type { ManifestPlace } from "../base/index.ts";

/*
 * Where the checks send their reader, by object and field. Names of the items among the values are those of the tree in
 * manifests/; in another tree the nearest field above is shown.
 */

type Field = (string | number)[];

/** Of every workspace where the name is not given, here and below. */
const named = (kind: string, name: string | undefined, field: Field): ManifestPlace => ({
  kind,
  ...(name === undefined ? {} : { name }),
  field,
});

/** A field of the chart's values. */
export const inValues = (workspace: string | undefined, ...field: Field): ManifestPlace =>
  named("HelmRelease", workspace, ["spec", "values", ...field]);

/** A field of one container; OpenCode's is `app`, the others are init containers. */
export function inContainer(
  workspace: string | undefined,
  container: string,
  ...field: Field
): ManifestPlace {
  // Without its name the controller cannot be named either: the two have the same.
  const controller = workspace === undefined ? [] : [workspace];
  const group = container === "app" ? "containers" : "initContainers";
  return inValues(workspace, "controllers", ...controller, group, container, ...field);
}

export const inController = (workspace: string | undefined, ...field: Field): ManifestPlace =>
  inValues(workspace, "controllers", ...(workspace === undefined ? [] : [workspace, ...field]));

export const podSecurity = (workspace: string | undefined): ManifestPlace =>
  inValues(workspace, "defaultPodOptions", "securityContext");

/** The claim of templates/volsync. */
export const claim = (workspace: string | undefined, ...field: Field): ManifestPlace =>
  named("PersistentVolumeClaim", workspace, ["spec", ...field]);

export const existingClaim = (workspace: string | undefined): ManifestPlace =>
  inValues(workspace, "persistence", "data", "existingClaim");

/** Where the volume's directories are mounted in OpenCode's container. */
export const dataMounts = (workspace: string): ManifestPlace =>
  inValues(workspace, "persistence", "data", "advancedMounts", workspace, "app");

export const externalSecret = (workspace: string | undefined, ...field: Field): ManifestPlace =>
  named("ExternalSecret", workspace && `${workspace}-secret`, ["spec", ...field]);

/** Flux's Kustomization (ks.yaml). */
export const fluxKustomization = (name: string | undefined, ...field: Field): ManifestPlace =>
  named("Kustomization", name, ["spec", ...field]);

/** The BackendTrafficPolicy of the workspace's route. */
export const trafficPolicy = (workspace: string | undefined, ...field: Field): ManifestPlace =>
  named("BackendTrafficPolicy", workspace, field);

/** The chart's version. */
export const chartVersion = (workspace: string | undefined): ManifestPlace =>
  named("OCIRepository", workspace, ["spec", "ref"]);

export const certificateNames: ManifestPlace = { kind: "Certificate", field: ["spec", "dnsNames"] };

export const route = (workspace: string | undefined, ...field: Field): ManifestPlace =>
  inValues(workspace, "route", "app", ...field);
