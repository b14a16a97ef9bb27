import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { setStage } from "./fake-rooms.ts";
import { runProgram } from "./program.ts";

const manifests = join(checkoutDir, "manifests");
const timeout = 60_000;

async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "check-"));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

it("answers 0 for a tree in which nothing is broken, and starts nothing", { timeout }, async () => {
  await using stage = await setStage();
  expect(await runProgram(["check", "--manifests", manifests], stage.context)).toBe(0);
  expect(stage.stdout()).toMatch(/Nothing is broken in opencode-flux, opencode-ha/);
  expect(stage.acts).toEqual([]);
});

it("answers 1 where something is broken, annotates it on GitHub, and writes both files", {
  timeout,
}, async () => {
  await using stage = await setStage();
  const made = await directory();
  const outside = join(made, "outside.yaml");
  await writeFile(outside, "doppler: {OPENCODE_HA_GITHUB_PAT: {shape: pat}}\n");
  const files = ["--json", join(made, "check.json"), "--sarif", join(made, "check.sarif")];
  stage.context.env.GITHUB_ACTIONS = "true";
  const args = ["check", "--manifests", manifests, "--outside", outside, ...files];
  expect(await runProgram(args, stage.context)).toBe(1);
  // What it says of the tree is quoted, its own annotations are not.
  expect(stage.stdout()).toMatch(/^::stop-commands::(\w{32})\n[\s\S]*\n::\1::\n::error file=/);
  expect(stage.stdout()).toMatch(
    /^::error file=\S+externalsecret\.yaml,line=\d+,title=doppler-key-missing::/m,
  );
  expect(JSON.parse(await readFile(join(made, "check.json"), "utf8")).status).toBe("broken");
  expect(JSON.parse(await readFile(join(made, "check.sarif"), "utf8")).version).toBe("2.1.0");
});

it("prints JSON and nothing else where that is asked for", { timeout }, async () => {
  await using stage = await setStage();
  await runProgram(["check", "--manifests", manifests, "--json", "-"], stage.context);
  expect(JSON.parse(stage.stdout()).pitfalls).toHaveLength(12);
});

it("answers 2 where there is no workspace", { timeout }, async () => {
  await using stage = await setStage();
  const empty = await directory();
  await mkdir(join(empty, "kubernetes/apps/garden"), { recursive: true });
  await writeFile(
    join(empty, "kubernetes/apps/garden/a.yaml"),
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
  );
  expect(await runProgram(["check", "--manifests", empty], stage.context)).toBe(2);
  expect(stage.stderr()).toMatch(/nothing in \S+ runs opencode/);
});
