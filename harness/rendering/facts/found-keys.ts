import { isInText } from "../../base/index.ts";

/** How a key of a store is found without its name: `find` of an ExternalSecret. */
interface Find {
  path?: string | undefined;
  regexp?: string | undefined;
}

/**
 * Whether External Secrets finds this key: as its Doppler provider does it, path and pattern must both fit, and with neither
 * it is every key (`GetAllSecrets` in its provider's client.go).
 */
export function mayFind({ path = "", regexp = "" }: Find, key: string): boolean {
  // What cannot be told here is left to the cluster.
  return key.startsWith(path) && isInText(regexp, key) !== false;
}
