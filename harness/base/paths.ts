import { join } from "node:path";
import envPaths from "env-paths";

/**
 * The user's cache, outside of every checkout: built images, the private engine, the harness's CA.
 * OPENCODE_HARNESS_CACHE moves it (a CI cache, another disk).
 */
export function cacheDir(...parts: string[]): string {
  const root = process.env.OPENCODE_HARNESS_CACHE ?? envPaths("opencode-harness", { suffix: "" }).cache;
  return join(root, ...parts);
}

/** The root of this checkout. */
export const checkoutDir = join(import.meta.dirname, "..", "..");
