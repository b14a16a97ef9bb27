import { type ExternalSecret, externalSecretsIn, mayFind, type SecretKey } from "../../rendering/index.ts";
import type { Inspected, InspectedWorkspace } from "./inspected.ts";
import { key as field, type Place } from "./place.ts";

/** The keys of the store that a key of a Secret is made from; undefined where it cannot be told. */
export function originsOf(
  { objects, home }: Inspected,
  namespace: string,
  { secret, key }: SecretKey,
): string[] | undefined {
  const writers = externalSecretsIn(namespace, objects).filter((writer) => writer.secret === secret);
  const [writer] = writers;
  if (!writer) return undefined;
  const keys = key === undefined ? keysOf(writer, Object.keys(home.outside.doppler)) : [key];
  return keys && allKnown(keys.map((one) => originsOfKey(writer, one)))?.flat();
}

/** The keys that the Secret of an ExternalSecret has; undefined where only the store knows. */
export function keysOf({ spec }: ExternalSecret, ofStore: readonly string[]): string[] | undefined {
  const { data, templateFrom, mergePolicy } = spec.target?.template ?? {};
  if (templateFrom?.length) return undefined;
  if (data && mergePolicy !== "Merge") return Object.keys(data);
  const brought = broughtBy({ spec }, ofStore);
  return brought && [...brought, ...Object.keys(data ?? {})];
}

/** The names that the store's answer has before the template; undefined where only the store knows. */
export function broughtBy(
  { spec }: Pick<ExternalSecret, "spec">,
  ofStore: readonly string[],
): string[] | undefined {
  if (spec.dataFrom.some(({ extract, rewrite }) => extract || rewrite?.length)) return undefined;
  const found = spec.dataFrom.flatMap(({ find }) =>
    find ? ofStore.filter((one) => isFound(one, find)) : [],
  );
  return [...spec.data.map(({ secretKey }) => secretKey), ...found];
}

/** Whether `find` of an ExternalSecret's `dataFrom` takes a key of this name. */
export function isFound(key: string, { path, name }: Find): boolean {
  return mayFind({ path, regexp: name?.regexp }, key);
}

interface Find {
  path?: string | undefined;
  name?: { regexp?: string | undefined } | undefined;
}

/** Undefined where one of the names that it is made from may be another one's in the store. */
function originsOfKey({ spec }: ExternalSecret, key: string): string[] | undefined {
  const isRenamed = spec.dataFrom.some(({ extract, rewrite }) => extract || rewrite?.length);
  const template = spec.target?.template?.data?.[key];
  const names = template === undefined ? [key] : namesIn(String(template));
  const origins = names.map((name) => {
    const named = spec.data.find(({ secretKey }) => secretKey === name)?.remoteRef.key;
    return named ?? (isRenamed ? undefined : name);
  });
  return allKnown(origins);
}

function allKnown<T>(values: readonly (T | undefined)[]): T[] | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? known : undefined;
}

/** What stands between the braces of a template of External Secrets, without comments and texts in quotes. */
export function actionsIn(template: string): string[] {
  const actions = [...template.matchAll(/\{\{-?\s*(?!\/\*)([\s\S]*?)\}\}/g)].map(([, action = ""]) => action);
  return actions.map((action) => action.replaceAll(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, " "));
}

/** The values that a template of External Secrets asks for. */
export function namesIn(template: string): string[] {
  return actionsIn(template).flatMap((action) =>
    [...action.matchAll(/(?:^|[\s(|])\.([A-Za-z_]\w*)/g)].flatMap(([, name]) => name ?? []),
  );
}

/** Where the workspace's ExternalSecret has this text; without one, where the workload takes its secrets from. */
export function placeOfKey(inspected: Inspected, { facts, at }: InspectedWorkspace, text: string): Place {
  const names = new Set(facts.externalSecrets.map(({ name }) => name));
  const found = inspected
    .of("ExternalSecret")
    .find(({ object: { metadata } }) => metadata.namespace === facts.namespace && names.has(metadata.name));
  return found ? inspected.placeOf(found, text) : at(field("persistence"));
}
