import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
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
  "harness/cli.ts check"*) [ ! -e says ] || cp says results/check/check.json; exit "$(cat exit-check)" ;;
  harness/cli.ts*) echo "$*" >> asked; [ "$2" != scenario ] || exit "$(cat "exit-$3" 2> /dev/null || echo 0)" ;;
  *) exec ${process.execPath} "$@" ;;
esac
`,
  );
  await chmod(node, 0o755);
});
afterEach(() => rm(checkout, { recursive: true, force: true }));

const run = (script: string, ...args: string[]) => runWith({}, script, ...args);
const runWith = (env: Record<string, string>, script: string, ...args: string[]) =>
  execa(join(checkout, ".ci", script), args, { cwd: tmpdir(), reject: false, env });
const asked = async () => (await readFile(join(checkout, "asked"), "utf8")).trim().split("\n");
const laneOf = (name: string, ...rest: string[]) =>
  `harness/cli.ts scenario ${name} --json results/lanes/${name}/result.json --junit results/lanes/${name}/junit.xml --keep never${rest.map((word) => ` ${word}`).join("")}`;

it("a lane runs one scenario, with its result and JUnit in a directory of its own", async () => {
  await run("lane", "drain", "--manifests", "/tree");
  expect(await asked()).toEqual([laneOf("drain", "--manifests", "/tree")]);
});

it("a lane refuses what cannot be a scenario, before it removes anything", async () => {
  for (const name of ["../../etc", "--list"]) expect((await run("lane", name)).exitCode).toBe(2);
});

it.each(["--help", "-h"])("lanes says what it is for with %s, and runs nothing", async (flag) => {
  const { stdout, exitCode } = await run("lanes", flag);
  expect(stdout).toContain(".ci/lanes [options of scenario…]");
  expect(exitCode).toBe(0);
  await expect(asked()).rejects.toThrow("ENOENT");
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
  expect(stdout).toContain("## ❌ 0 of 3 scenarios passed");
  expect(exitCode).toBe(1);
});

it("lanes stops when a lane is interrupted", async () => {
  await writeFile(join(checkout, "exit-crash"), "130");
  expect((await run("lanes")).exitCode).toBe(130);
  expect(await asked()).toHaveLength(3);
});

it("the comparison runs what is named, and leaves its result in a directory of its own", async () => {
  await run("compare", '["drain","crash"]', "--manifests", "/tree");
  expect(await asked()).toEqual([
    "harness/cli.ts compare drain crash --json results/compare/compare.json --markdown results/compare/compare.md --manifests /tree",
  ]);
});

it.each(["[]", '["../../etc"]', '["--help"]', "no JSON"])("the comparison refuses %s", async (names) => {
  expect((await run("compare", names)).exitCode).toBe(2);
});

const comparison =
  '"comparison": {"scenarios": [{"name": "drain", "why": []}, {"name": "crash", "why": []}]}';
it.each([
  ["start", "[]", '{"isBlocked": false}', "0"],
  ["start", '["drain","crash"]', `{"isBlocked": false, ${comparison}}`, "1"],
  ["stop", "[]", '{"isBlocked": true}', "1"],
  ["stop", "[]", undefined, "3"],
])(
  "the check says of the lanes %s, of the touched %s, where it said %s and ended with %s",
  async (lanes, touched, says, code) => {
    if (says !== undefined) await writeFile(join(checkout, "says"), says);
    await writeFile(join(checkout, "exit-check"), code);
    const output = join(checkout, "output");
    expect((await runWith({ GITHUB_OUTPUT: output }, "check", "--manifests", "a b")).exitCode).toBe(
      Number(code),
    );
    expect(await readFile(output, "utf8")).toBe(`lanes=${lanes}\ntouched=${touched}\n`);
  },
);

describe("what may be anybody's words", () => {
  const onGitHub = { GITHUB_ACTIONS: "true" };
  const foreign = 'echo "::error::of a pod"; echo "##[add-mask]x" >&2; exit 7';

  it("is printed as it is where no runner reads it", async () => {
    const { stdout, stderr, exitCode } = await runWith({ GITHUB_ACTIONS: "" }, "quoted", "sh", "-c", foreign);
    expect([stdout, stderr, exitCode]).toEqual(["::error::of a pod", "##[add-mask]x", 7]);
  });

  it("stands between words that nobody knows where GitHub reads it, in one stream", async () => {
    const { stdout, stderr, exitCode } = await runWith(onGitHub, "quoted", "sh", "-c", foreign);
    expect(stdout).toMatch(
      /^(::remove-matcher owner=[\w-]+::\n)+::stop-commands::([0-9a-f]{32})\n::error::of a pod\n##\[add-mask\]x\n\n::\2::$/,
    );
    expect([stderr, exitCode]).toEqual(["", 7]);
    const again = await runWith(onGitHub, "quoted", "true");
    expect(/stop-commands::(\w+)/.exec(again.stdout)?.[1]).not.toBe(/stop-commands::(\w+)/.exec(stdout)?.[1]);
  });

  it("does not keep a cancelled job from ending in order", async () => {
    const script =
      'process.on("SIGTERM", () => { console.log("cleaned up"); process.exit(130); }); setInterval(() => {}, 1000); console.log("up")';
    const running = execa(join(checkout, ".ci/quoted"), [process.execPath, "-e", script], {
      reject: false,
      env: onGitHub,
    });
    let said = "";
    running.stdout.on("data", (chunk: Buffer) => {
      said += chunk;
    });
    await expect.poll(() => said).toContain("up");
    running.kill("SIGINT");
    const { stdout, exitCode } = await running;
    expect(stdout).toContain("cleaned up");
    expect(stdout).toMatch(/::[0-9a-f]{32}::$/);
    expect(exitCode).toBe(130);
  });

  it("is quoted in every lane", async () => {
    const { stdout } = await runWith(onGitHub, "lane", "drain");
    expect(stdout).toContain("::stop-commands::");
    const all = await runWith(onGitHub, "lanes");
    expect(all.stdout.match(/::stop-commands::/g)).toHaveLength(5); // doctor, three lanes, the summary
  });
});

describe("what a tree could reach", () => {
  const reach = (env: Record<string, string>) =>
    runWith({ GITHUB_EVENT_NAME: "pull_request", IS_FORK: "false", ...env }, "reach");

  it("is nothing to speak of on GitHub's runner for a pull request of the repository's own", async () => {
    expect(await reach({ RUNNER_ENVIRONMENT: "github-hosted" })).toMatchObject({ exitCode: 0, stdout: "" });
  });

  it.each([
    [
      "for a fork",
      { RUNNER_ENVIRONMENT: "github-hosted", IS_FORK: "true" },
      "::warning title=Pull request from a fork::",
    ],
    [
      "on a machine of somebody's",
      { RUNNER_ENVIRONMENT: "self-hosted" },
      "::warning title=Self-hosted runner::",
    ],
    ["on a runner that does not say whose it is", {}, "::warning title=Self-hosted runner::"],
  ])("is told %s", async (_, env, warning) => {
    const { stdout, exitCode } = await reach(env);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(warning)]);
  });

  it.each([
    ["a fork's tree on a machine of somebody's", { RUNNER_ENVIRONMENT: "self-hosted", IS_FORK: "true" }],
    [
      "the rights of the repository for a pull request's code",
      { RUNNER_ENVIRONMENT: "github-hosted", GITHUB_EVENT_NAME: "pull_request_target" },
    ],
  ])("is refused: %s", async (_, env) => {
    expect(await reach(env)).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("::error title=Refused::"),
    });
  });
});
