import type { WorkspaceFacts } from "../workspace-facts.ts";
import type { ExternalSecretSpec } from "./secret-keys.ts";

/** Keys of a store that are taken by name, and what others are found by. */
export type AskedKeys = Pick<WorkspaceFacts["externalSecrets"][number], "keys" | "finds">;

/** What an ExternalSecret asks its store for; under which names that comes into the Secret is another matter. */
export function askedKeys({ data, dataFrom }: ExternalSecretSpec): AskedKeys {
  const named = data.map(({ remoteRef }) => remoteRef.key);
  const extracted = dataFrom.flatMap(({ extract }) => (extract ? [extract.key] : []));
  const finds = dataFrom.flatMap(({ find }) => (find ? [find] : []));
  return {
    keys: [...new Set([...named, ...extracted])],
    finds: finds.map(({ path, name }) => ({
      ...(path === undefined ? {} : { path }),
      ...(name?.regexp === undefined ? {} : { regexp: name.regexp }),
    })),
  };
}
