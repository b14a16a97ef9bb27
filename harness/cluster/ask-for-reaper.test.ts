import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { cacheDir } from "../base/index.ts";
import { useEmptyCache } from "../base/test-cache.ts";
import { askForReaper, type Runtime } from "./ask-for-reaper.ts";

useEmptyCache();

/** As others may have made it ready in a directory where everybody writes. */
async function foreignTmp(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "foreign-tmp-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await writeFile(join(directory, "of-this-user"), "precious");
  const lock = join(directory, `testcontainers-node-${process.getuid?.()}.lock`);
  await symlink(join(directory, "of-this-user"), lock);
  await mkdir(`${lock}.lock`); // held
  return directory;
}

it("empties no file and waits for nobody that a file in /tmp names", async () => {
  const directory = await foreignTmp();
  vi.stubEnv("TMPDIR", directory);
  vi.stubEnv("TESTCONTAINERS_RYUK_DISABLED", "true");
  const runtime = { container: { list: async () => [] } } as unknown as Runtime;
  await askForReaper(runtime);
  expect(process.env.TMPDIR).toBe(directory);
  expect(await readFile(join(directory, "of-this-user"), "utf8")).toBe("precious");
  const [own = ""] = await readdir(cacheDir("tmp"));
  expect(await readdir(join(cacheDir("tmp"), own))).toEqual([]);
});
