import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { watchTree } from "./watch-tree.ts";

let dir: string;
let saves: number[];
let watching: AsyncDisposable;
const file = (name: string) => join(dir, "kubernetes", name);

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "watch-tree-"));
  await mkdir(file("app"), { recursive: true });
  await writeFile(file("app/ks.yaml"), "a: 1\n");
  saves = [];
  watching = await watchTree({ manifests: dir, others: [join(dir, "outside.yaml")] }, (at) => saves.push(at));
});
afterEach(async () => {
  await watching[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

const untilSaved = (count: number) =>
  vi.waitFor(() => expect(saves).toHaveLength(count), { timeout: 20_000 });

it("tells of a save once, however an editor writes it", async () => {
  const before = Date.now();
  await writeFile(file("app/.ks.yaml.swp"), "x");
  await writeFile(file("app/ks.yaml~"), "a: 1\n");
  await writeFile(file("app/4913"), "");
  await writeFile(join(dir, "new"), "a: 2\n");
  await rename(join(dir, "new"), file("app/ks.yaml"));
  await untilSaved(1);
  expect(saves[0]).toBeGreaterThanOrEqual(before);
});

it("tells of files that come and go, also in a new folder, and of others that count", async () => {
  await mkdir(file("other/deep"), { recursive: true });
  await writeFile(file("other/deep/a.yaml"), "b: 1\n");
  await untilSaved(1);
  await rm(file("app/ks.yaml"));
  await untilSaved(2);
  await writeFile(join(dir, "outside.yaml"), "zone: []\n");
  await untilSaved(3);
});

it("is silent about a file that was written as it was, or looked at", async () => {
  await writeFile(file("app/ks.yaml"), "a: 1\n");
  await utimes(file("app/ks.yaml"), 1, 1);
  await delay(600); // longer than what makes a save whole
  await writeFile(file("app/ks.yaml"), "a: 2\n");
  await untilSaved(1);
});

it("follows no link out of the tree, and reads nothing that has no end", async () => {
  await watching[Symbol.asyncDispose]();
  const elsewhere = await mkdtemp(join(tmpdir(), "watch-tree-elsewhere-"));
  await writeFile(join(elsewhere, "outside.yaml"), "zone: []\n");
  await symlink(elsewhere, file("elsewhere"));
  await symlink("/dev/zero", file("app/endless.yaml"));
  await symlink(join(elsewhere, "outside.yaml"), join(dir, "outside.yaml"));
  watching = await watchTree({ manifests: dir, others: [join(dir, "outside.yaml")] }, (at) => saves.push(at));
  await writeFile(join(elsewhere, "of-this-machine.yaml"), "a: 1\n");
  await delay(600); // longer than what makes a save whole
  expect(saves).toEqual([]);
  await writeFile(join(elsewhere, "outside.yaml"), "zone: [a.example]\n");
  await untilSaved(1);
  await rm(file("app/endless.yaml"));
  await symlink("ks.yaml", file("app/endless.yaml"));
  await untilSaved(2);
  await rm(elsewhere, { recursive: true });
});
