import type { HelmRelease } from "./helm-release.ts";
import type { KubeObject, ObjectName } from "./rendered-tree.ts";

/** Name and version of a chart, as far as the tree pins it. */
export interface Chart {
  name: string;
  version?: string;
}

/** Finds an object of those that are rendered, wherever it stands. */
export type FindObject = (kind: string, name: ObjectName) => KubeObject | undefined;

/** The chart of a release; where its source is not in the tree, which one that would be, in words. */
export function chartOf({ metadata, spec }: HelmRelease, find: FindObject): Chart | { missing: string } {
  if (spec.chart) {
    const { chart, version, sourceRef } = spec.chart.spec;
    const source = { namespace: sourceRef.namespace ?? metadata.namespace, name: sourceRef.name };
    if (!find(sourceRef.kind, source)) return missing(sourceRef.kind, source);
    return withVersion(lastPart(chart), version);
  }
  const { kind = "", name = "", namespace = metadata.namespace } = spec.chartRef ?? {};
  const source = find(kind, { namespace, name });
  if (!source) return missing(kind, { namespace, name });
  const { url = "", chart = "", version, ref } = source.spec as SourceSpec;
  return withVersion(lastPart(kind === "OCIRepository" ? url : chart), ref?.tag ?? ref?.semver ?? version);
}

interface SourceSpec {
  url?: string;
  chart?: string;
  version?: string;
  ref?: { tag?: string; semver?: string };
}

const lastPart = (path: string): string => path.replace(/\/+$/, "").split("/").at(-1) ?? "";

const withVersion = (name: string, version?: string): Chart => ({ name, ...(version ? { version } : {}) });

const missing = (kind: string, { namespace, name }: ObjectName) => ({
  missing: `${kind} ${namespace}/${name}`,
});
