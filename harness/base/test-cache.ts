import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";

/** Gives each test of the file an empty cache of its own in place of the user's; `cacheDir` leads into it. For tests. */
export function useEmptyCache(): void {
  let cache: string;
  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), "cache-"));
    vi.stubEnv("OPENCODE_HARNESS_CACHE", cache);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(cache, { recursive: true, force: true });
  });
}
