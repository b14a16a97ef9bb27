import { parseApplied } from "../gitops/index.ts";
import type { FindObject } from "./chart-of.ts";
import type { HelmRelease } from "./helm-release.ts";
import { contentOf } from "./variables.ts";

export interface ReleaseValues {
  /** For one `--values` each, in the order of their weight. */
  files: Record<string, unknown>[];
  /** For `--set`, with the more weight than any file: a path, and what it is set to. */
  sets: [path: string, value: string][];
}

/**
 * The values of a release, as helm-controller merges them: each reference over those before it, the release's own over them,
 * and those with a `targetPath` over all.
 *
 * @throws Error with helm-controller's words about a reference that cannot be resolved
 */
export function releaseValues({ metadata, spec }: HelmRelease, find: FindObject): ReleaseValues {
  const files: Record<string, unknown>[] = [];
  const sets: [string, string][] = [];
  for (const { kind, name, valuesKey, targetPath, optional } of spec.valuesFrom) {
    const { namespace } = metadata;
    const object = find(kind, { namespace, name });
    const text = object && contentOf(object)?.[valuesKey];
    if (text === undefined) {
      if (optional) continue;
      const why = object ? "key not found" : "resource not found";
      throw new Error(
        `could not resolve ${kind} chart values reference '${namespace}/${name}' with key '${valuesKey}': ${why}`,
      );
    }
    if (targetPath) sets.push([targetPath, text]);
    else files.push((parseApplied(text) ?? {}) as Record<string, unknown>);
  }
  return { files: [...files, spec.values], sets };
}
