import type { WorkspaceFacts } from "../rendering/index.ts";
import type { HomeExternalDns } from "./facts.ts";
import type { Outside } from "./outside.ts";

type PublicDns = NonNullable<WorkspaceFacts["publicDns"]>;

/**
 * What the home's external-dns asks of a route before it makes records of its hosts, and which hosts the owner wants known.
 * Undefined where the home has none.
 */
export function publicDnsOf(
  externalDns: HomeExternalDns | undefined,
  { published }: Outside,
): PublicDns | undefined {
  if (externalDns === undefined) return undefined;
  return { annotations: askedAnnotations(externalDns.args), ...(published ? { published } : {}) };
}

/** The annotations that `--annotation-filter` asks for; of a selector that is not "this key has this value" nothing. */
export function askedAnnotations(args: readonly string[]): Record<string, string> {
  const [filter = ""] = args.flatMap((arg) => /^--annotation-filter=(.*)$/.exec(arg)?.[1] ?? []);
  const [, key, listed, plain] =
    /^\s*([\w./-]+)\s*(?:in\s*\(\s*([^,)]+).*\)|==?\s*(.+))\s*$/.exec(filter) ?? [];
  const value = (listed ?? plain)?.trim();
  return key !== undefined && value !== undefined ? { [key]: value } : {};
}
