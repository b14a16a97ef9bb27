import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HarnessError, silent } from "../../base/index.ts";
import { type Stage, setStage } from "../fake-rooms.ts";
import { runProgram } from "../program.ts";

vi.setConfig({ testTimeout: 120_000 }); // each run starts a vitest of its own

let stage: Stage;
let tree: string;
const git = (...args: string[]) =>
  execa("git", ["-c", "user.name=x", "-c", "user.email=x@x", ...args], { cwd: tree });

beforeEach(async () => {
  stage = await setStage();
  vi.stubEnv("OPENCODE_HARNESS_CACHE", join(stage.dir, "cache"));
  tree = join(stage.dir, "tree");
  await mkdir(join(tree, "kubernetes"), { recursive: true });
  await writeFile(join(tree, "kubernetes/a.yaml"), "a: 1\n");
  await git("init", "--quiet", "--initial-branch", "main");
  await git("add", ".");
  await git("commit", "--quiet", "-m", "one");
  await writeFile(join(tree, "kubernetes/a.yaml"), "a: 2\n");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await stage[Symbol.asyncDispose]();
});

const compare = (...more: string[]) =>
  runProgram(["compare", "--base", "main", "example", "--manifests", tree, ...more], stage.context);
const published = () => stage.acts.filter((act) => act.startsWith("start"));

/** What the newest has left: of two of one minute the names do not tell. */
async function comparison() {
  const names = (await readdir(stage.context.resultsDir)).filter((name) => name.includes("compare"));
  const dirs = names.map((name) => join(stage.context.resultsDir, name));
  const made = await Promise.all(dirs.map(async (dir) => ({ dir, at: (await stat(dir)).birthtimeMs })));
  const { dir = "" } = made.sort((one, other) => one.at - other.at).at(-1) ?? {};
  return { dir, json: JSON.parse(await readFile(join(dir, "compare.json"), "utf8")) };
}

it("runs base, head and what noise needs, and leaves a page, Markdown and JSON", async () => {
  expect(await compare("--markdown", join(stage.dir, "compare.md"))).toBe(0);
  expect(published()).toHaveLength(3);
  // Each tree once, however often it is run.
  expect(stage.checked).toEqual([tree, expect.stringMatching(/\/base$/)]);
  const { dir, json } = await comparison();
  expect(json).toMatchObject({ isSameTree: false, statuses: [], noise: { runs: 2 } });
  expect([json.base.runs.length, json.head.runs.length]).toEqual([2, 1]);
  expect(await readFile(join(dir, "base/kubernetes/a.yaml"), "utf8")).toBe("a: 1\n");
  expect(await readFile(join(dir, "report.html"), "utf8")).toContain(
    "every step ends as before".replace("e", "E"),
  );
  expect(await readFile(join(stage.dir, "compare.md"), "utf8")).toContain(
    "## What the change does: `main` → `working tree`",
  );
});

it("remembers runs of a tree, so that the next comparison with it needs fewer", async () => {
  await compare();
  const before = published().length;
  await writeFile(join(tree, "kubernetes/a.yaml"), "a: 3\n");
  expect(await compare()).toBe(0);
  expect(published().length - before).toBe(2);
  expect((await comparison()).json.noise.runs).toBe(3);
});

it("runs each tree on one cluster, however many scenarios there are", async () => {
  const door = JSON.stringify(join(import.meta.dirname, "../../index.ts"));
  const names = ["one", "two", "three", "four"];
  for (const name of names) {
    const text = `import { scenario } from ${door};
      export default scenario({ name: "${name}", title: "x", covers: { pitfalls: [] }, mutants: [] }, ({ step }) => step("is", async () => {}));`;
    await writeFile(join(stage.dir, `scenarios/${name}.scenario.ts`), text);
  }
  await writeFile(join(tree, "kubernetes/a.yaml"), "a: 1\n"); // one tree: no third run
  const args = ["compare", "--base", "main", ...names, "--manifests", tree];
  expect(await runProgram(args, stage.context)).toBe(0);
  expect(published()).toHaveLength(2);
});

it("takes the base from the pull request that it runs for, and asks for one elsewhere: exit 2", async () => {
  const args = ["compare", "example", "--manifests", tree];
  expect(await runProgram(args, stage.context)).toBe(2);
  expect(stage.stderr()).toContain("--base is not given");
  await git("update-ref", "refs/remotes/origin/main", "main");
  stage.context.env = { GITHUB_BASE_REF: "main" };
  expect(await runProgram(args, stage.context)).toBe(0);
  expect((await comparison()).json.base.name).toBe("origin/main");
});

it("says which tree it cannot read, and starts nothing: exit 2", async () => {
  const args = ["compare", "--base", "nowhere", "example", "--manifests", tree];
  expect(await runProgram(args, stage.context)).toBe(2);
  expect(stage.stderr()).toContain("nowhere names no commit");
  expect(stage.acts).toEqual([]);
});

it("ends with 1 where a scenario fails that passes on the base", async () => {
  const { startWorld } = stage.context.rooms;
  const edit = { name: "re-clone", edit: () => {} };
  stage.context.rooms.startWorld = (options) =>
    startWorld(options.manifests === tree ? { ...options, mutant: edit, progress: silent } : options);
  expect(await compare()).toBe(1);
  expect((await comparison()).json.statuses).toMatchObject([
    { what: "example", base: "passed", head: "failed" },
    { what: "example: work survives", base: "passed", head: "failed" },
    { what: "example: pod restarts", base: "passed", head: "skipped" },
  ]);
});

it("starts nothing where the working tree cannot work in any cluster: exit 1", async () => {
  stage.blockers.push("ks.yaml:3: no such path");
  expect(await compare()).toBe(1);
  expect(stage.stderr()).toContain("ks.yaml:3: no such path");
  expect(published()).toEqual([]);
});

it("says why a tree does not come up, in the place of figures: exit 1", async () => {
  const { startWorld } = stage.context.rooms;
  stage.context.rooms.startWorld = (options) => {
    if (options.manifests === tree) throw new HarnessError("Flux cannot read ks.yaml", { code: "failed" });
    return startWorld(options);
  };
  expect(await compare("--markdown", join(stage.dir, "compare.md"))).toBe(1);
  expect(published()).toHaveLength(1);
  const { json, dir } = await comparison();
  expect(json.head).toMatchObject({ stopped: "Flux cannot read ks.yaml" });
  expect(json.differences).toEqual([]);
  expect(json.statuses[0]).toEqual({ what: "example", base: "passed", head: "not run" });
  expect(await readFile(join(stage.dir, "compare.md"), "utf8")).toContain(
    "`working tree` could not be run (`Flux cannot read ks.yaml`).",
  );
  expect(await readFile(join(dir, "report.html"), "utf8")).toContain(
    "working tree could not be run (Flux cannot read ks.yaml).",
  );
});

it("runs a tree that mends a base which does not come up, and finds nothing worse", async () => {
  const { startWorld } = stage.context.rooms;
  stage.context.rooms.startWorld = (options) => {
    if (options.manifests !== tree) throw new HarnessError("Flux cannot read ks.yaml", { code: "failed" });
    return startWorld(options);
  };
  expect(await compare()).toBe(0);
  const { json } = await comparison();
  expect(json.base).toMatchObject({ stopped: "Flux cannot read ks.yaml" });
  expect(json.statuses[0]).toEqual({ what: "example", base: "not run", head: "passed" });
});

it("goes on with neither where this machine cannot run it: exit 3", async () => {
  stage.breakAct("start", new HarnessError("no engine answers", { code: "environment" }));
  expect(await compare()).toBe(3);
  expect(published()).toHaveLength(1);
});
