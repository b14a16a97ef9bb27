import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import envPaths from "env-paths";

/**
 * The user's cache, outside of every checkout: built images, the private engine, the harness's CA.
 * OPENCODE_HARNESS_CACHE moves it (a CI cache, another disk).
 */
export function cacheDir(...parts: string[]): string {
  // Empty, as a workflow passes on what nobody has given, it would be the directory that the command is called in.
  const root = process.env.OPENCODE_HARNESS_CACHE || envPaths("opencode-harness", { suffix: "" }).cache;
  return resolve(root, ...parts);
}

/**
 * Tells this cache from others on the same engine: 12 hex digits of its path, its user and its machine. No file: it is
 * the same after somebody has removed the cache, and what was made from there is still found.
 */
export function cacheId(): string {
  const whose = [hostname(), process.getuid?.() ?? "", cacheDir()];
  return createHash("sha256").update(whose.join("\n")).digest("hex").slice(0, 12);
}

/** The root of this checkout. */
export const checkoutDir = join(import.meta.dirname, "..", "..");
