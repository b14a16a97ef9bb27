import { describePlace, type ManifestPlace } from "../base/index.ts";

/** Tells places of the manifests as a reader can open them: "manifests/…/helmrelease.yaml:57 (HelmRelease …)". */
export type WhereIs = (places: readonly ManifestPlace[]) => string[];

/** Without a tree to look them up in: by object and field. */
export const byName: WhereIs = (places) => places.map(describePlace);
