import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkoutDir } from "../base/index.ts";

/** A checkout with the real scripts, and a `node` that writes down what it is asked and runs no scenario. */
let checkout: string;
beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), "lanes-"));
  await cp(join(checkoutDir, ".ci"), join(checkout, ".ci"), { recursive: true });
  await symlink(join(checkoutDir, "harness"), join(checkout, "harness"));
  await mkdir(join(checkout, "node_modules/.bin"), { recursive: true });
  const node = join(checkout, "node_modules/.bin/node");
  await writeFile(
    node,
    `#!/usr/bin/env bash
case "$*" in
  *--list*) echo '[{"name":"drain"},{"name":"crash"},{"name":"ingress"}]' ;;
  harness/cli.ts*) echo "$*" >> asked; [ "$2" != scenario ] || exit "$(cat "exit-$3" 2> /dev/null || echo 0)" ;;
  *) exec ${process.execPath} "$@" ;;
esac
`,
  );
  await chmod(node, 0o755);
});
afterEach(() => rm(checkout, { recursive: true, force: true }));

const run = (script: string, ...args: string[]) =>
  execa(join(checkout, ".ci", script), args, { cwd: tmpdir(), reject: false });
const asked = async () => (await readFile(join(checkout, "asked"), "utf8")).trim().split("\n");
const laneOf = (name: string, ...rest: string[]) =>
  `harness/cli.ts scenario ${name} --json results/lanes/${name}/result.json --junit results/lanes/${name}/junit.xml --keep never${rest.map((word) => ` ${word}`).join("")}`;

it("a lane runs one scenario, with its result and JUnit in a directory of its own", async () => {
  await run("lane", "drain", "--manifests", "/tree");
  expect(await asked()).toEqual([laneOf("drain", "--manifests", "/tree")]);
});

it("a lane refuses what cannot be a scenario, before it removes anything", async () => {
  expect((await run("lane", "../../etc")).exitCode).toBe(2);
});

it("lanes checks the machine, runs every scenario although one fails, and ends with the table", async () => {
  await writeFile(join(checkout, "exit-drain"), "1");
  const { stdout, exitCode } = await run("lanes", "--images", "packages");
  const images = ["--images", "packages"];
  expect(await asked()).toEqual([
    "harness/cli.ts doctor",
    laneOf("drain", ...images),
    laneOf("crash", ...images),
    laneOf("ingress", ...images),
  ]);
  expect(stdout).toContain("## Scenarios: 0 of 3 passed");
  expect(exitCode).toBe(1);
});

it("lanes stops when a lane is interrupted", async () => {
  await writeFile(join(checkout, "exit-crash"), "130");
  expect((await run("lanes")).exitCode).toBe(130);
  expect(await asked()).toHaveLength(3);
});
