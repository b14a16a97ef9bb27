import type { KustomizationObject } from "./kustomization-object.ts";
import type { KubeObject } from "./rendered-tree.ts";

/**
 * The ConfigMaps and Secrets that Kustomizations substitute from, by `kind namespace/name`; those of a file that says no
 * namespace without one.
 */
export type Sources = ReadonlyMap<string, Record<string, string>>;

/** In a source of which not all keys are known: a store gives it whatever it has. */
export const anyKey = "*";

export const sourceKey = (kind: string, namespace: string, name: string): string =>
  `${kind} ${namespace}/${name}`;

/** What a ConfigMap or a Secret holds, in plain text; undefined for other kinds. */
export function contentOf({ kind, apiVersion, ...object }: KubeObject): Record<string, string> | undefined {
  if (apiVersion !== "v1" || (kind !== "ConfigMap" && kind !== "Secret")) return undefined;
  const data = stringsOf(object.data);
  if (kind === "ConfigMap") return data;
  const decoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]);
  return { ...Object.fromEntries(decoded), ...stringsOf(object.stringData) };
}

function stringsOf(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)]));
}

export interface Variables {
  values: Record<string, string>;
  /** Whether a source may have more keys than are known here. */
  isOpen: boolean;
  /** The sources that are not there, as Flux's error names them; of `optional` ones, what it passes over. */
  missing: string[];
  missingOptional: string[];
}

/** What a Kustomization substitutes: its sources in their order, then its own, line breaks removed. */
export function variablesOf({ metadata, spec }: KustomizationObject, sources: Sources): Variables {
  const values: Record<string, string> = {};
  const found: Variables = { values, isOpen: false, missing: [], missingOptional: [] };
  for (const { kind, name, optional } of spec.postBuild?.substituteFrom ?? []) {
    const content =
      sources.get(sourceKey(kind, metadata.namespace ?? "", name)) ?? sources.get(sourceKey(kind, "", name));
    if (content) Object.assign(values, content);
    else (optional ? found.missingOptional : found.missing).push(`${kind}/${name}`);
  }
  found.isOpen = anyKey in values;
  delete values[anyKey];
  Object.assign(values, spec.postBuild?.substitute);
  for (const [name, value] of Object.entries(values)) values[name] = value.replaceAll("\n", "");
  return found;
}
