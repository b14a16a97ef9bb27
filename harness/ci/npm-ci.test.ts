import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkoutDir } from "../base/index.ts";

/* What stands in .npmrc and package-lock.json, on a project that wants too new a Node and has a script to run. */

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "npm-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** npm hands its settings on to what it runs, and these tests are run by npm. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name)));
const npm = (...args: string[]) =>
  execa("npm", [...args, "--offline"], { cwd: dir, all: true, env, extendEnv: false });

async function project(): Promise<void> {
  await mkdir(join(dir, "newer"));
  const newer = { name: "newer", version: "1.0.0", engines: { node: ">=99" } };
  const scripts = { postinstall: "node -e \"require('fs').writeFileSync('ran', '')\"" };
  await writeFile(join(dir, "newer", "package.json"), JSON.stringify({ ...newer, scripts }));
  await npm("pack", "./newer");
  const dependencies = { newer: "file:newer-1.0.0.tgz" };
  await writeFile(
    join(dir, "package.json"),
    JSON.stringify({ name: "project", version: "1.0.0", dependencies }),
  );
  await npm("install", "--package-lock-only");
}

it("npm ci says nothing of Node versions, and runs no program of a package", async () => {
  await project();
  expect((await npm("ci")).all).toContain("EBADENGINE");
  await copyFile(join(checkoutDir, ".npmrc"), join(dir, ".npmrc"));
  const { all } = await npm("ci");
  expect(all).not.toMatch(/warn|audit|funding/i);
  expect(all).toContain("added 1 package");
  await expect(readFile(join(dir, "node_modules", "newer", "ran"))).rejects.toThrow("ENOENT");
});

it("the lockfile names the content of every package, and no address to fetch it from", async () => {
  const lock = JSON.parse(await readFile(join(checkoutDir, "package-lock.json"), "utf8"));
  const packages = Object.entries<{ integrity?: string; resolved?: string }>(lock.packages);
  const isWithout = ([path, { integrity, resolved }]: (typeof packages)[number]) =>
    path !== "" && (!/^sha512-/.test(integrity ?? "") || resolved !== undefined);
  expect(packages.length).toBeGreaterThan(100);
  expect(packages.filter(isWithout).map(([path]) => path)).toEqual([]);
});
