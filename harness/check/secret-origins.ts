import { type ExternalSecret, externalSecretsIn, type SecretKey } from "../rendering/index.ts";
import type { Inspected } from "./inspected.ts";

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
  return keys?.flatMap((one) => originsOfKey(writer, one));
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

interface Find {
  path?: string | undefined;
  name?: { regexp?: string | undefined } | undefined;
}

/** Go's regular expressions are near enough. */
export function isFound(name: string, { path = "", name: pattern }: Find): boolean {
  return name.startsWith(path) && (pattern?.regexp === undefined || new RegExp(pattern.regexp).test(name));
}

function originsOfKey({ spec }: ExternalSecret, key: string): string[] {
  const remote = (secretKey: string) =>
    spec.data.find((one) => one.secretKey === secretKey)?.remoteRef.key ?? secretKey;
  const template = spec.target?.template?.data?.[key];
  return template === undefined ? [remote(key)] : namesIn(String(template)).map(remote);
}

/** The values that a template of External Secrets asks for. */
export function namesIn(template: string): string[] {
  const actions = [...template.matchAll(/\{\{([\s\S]*?)\}\}/g)].map(([, action = ""]) => action);
  const outsideQuotes = actions.map((action) => action.replaceAll(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, " "));
  return outsideQuotes.flatMap((action) =>
    [...action.matchAll(/(?:^|[\s(|])\.([A-Za-z_]\w*)/g)].flatMap(([, name]) => name ?? []),
  );
}
