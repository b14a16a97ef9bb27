import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cacheDir } from "./paths.ts";
import { removeLeftScratch, scratchDirectory } from "./scratch.ts";
import { useEmptyCache } from "./test-cache.ts";

useEmptyCache();

const command = `
import { scratchDirectory } from ${JSON.stringify(join(import.meta.dirname, "scratch.ts"))};
console.log(await scratchDirectory("tree"));
setTimeout(() => {}, 60_000);
`;

it("removes the files of a killed command, and no others", async () => {
  const own = await scratchDirectory("tree");
  const child = spawn(process.execPath, ["--input-type=module", "--eval", command]);
  const theirs = String((await once(child.stdout, "data"))[0]).trim();
  await removeLeftScratch();
  expect(await readdir(theirs)).toEqual([]);
  child.kill("SIGKILL");
  await once(child, "exit");
  await removeLeftScratch();
  await expect(readdir(theirs)).rejects.toThrow("ENOENT");
  expect(await readdir(own)).toEqual([]);
});

it("leaves alone what it has not made, whatever that is called", async () => {
  const other = cacheDir("tmp", "100%");
  await mkdir(other, { recursive: true });
  await expect(removeLeftScratch()).resolves.toBeUndefined();
  expect(await readdir(other)).toEqual([]);
});

it("finds nothing where there never was any", async () => {
  await expect(removeLeftScratch()).resolves.toBeUndefined();
});
