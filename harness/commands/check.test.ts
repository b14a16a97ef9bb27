import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { execa } from "execa";
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

it("shows what a tree would have a terminal do", { timeout }, async () => {
  const made = await repository();
  const file = join(made, "manifests/kubernetes/apps/opencode/kustomization.yaml");
  await writeFile(file, `resources: ["./\\e[8m\\e]52;c;eA==\\a\\r.yaml"]\n`);
  for (const command of ["check", "scenario"]) {
    await using stage = await setStage();
    const list = command === "scenario" ? ["--list"] : [];
    await runProgram([command, ...list, "--manifests", join(made, "manifests")], stage.context);
    const told = stage.stdout() + stage.stderr();
    expect(told).toContain("␛[8m␛]52;c;eA==␇␍.yaml");
    expect([...told].filter((character) => character < " " && character !== "\n")).toEqual([]);
  }
});

it("prints JSON and nothing else where that is asked for", { timeout }, async () => {
  await using stage = await setStage();
  await runProgram(["check", "--manifests", manifests, "--json", "-"], stage.context);
  expect(JSON.parse(stage.stdout()).pitfalls).toHaveLength(12);
});

/** manifests/ as the only commit of a repository, to be changed. */
async function repository(): Promise<string> {
  const made = await directory();
  await cp(manifests, join(made, "manifests"), { recursive: true });
  await cp(join(checkoutDir, "fixtures/home/outside.yaml"), join(made, "outside.yaml"));
  const git = (...args: string[]) =>
    execa("git", ["-C", made, "-c", "user.name=A", "-c", "user.email=a@example.invalid", ...args]);
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "first");
  return made;
}

/** Another text in a file of the workspace. */
async function change(made: string, file: string, from: string, to: string): Promise<void> {
  const path = join(made, "manifests/kubernetes/apps/opencode/opencode-ha/app", file);
  const text = await readFile(path, "utf8");
  expect(text).toContain(from);
  await writeFile(path, text.replaceAll(from, to));
}

/** What GitHub's runner takes for a command to itself, in what it is not told to leave alone. */
function commandsIn(output: string): string[] {
  const heard: string[] = [];
  let until: string | undefined;
  for (const line of output.split("\n")) {
    if (until !== undefined) {
      if (line.trim() === `::${until}::`) until = undefined;
      continue;
    }
    const stop = /^::stop-commands::(\w+)$/.exec(line.trim())?.[1];
    if (stop !== undefined) until = stop;
    else if (/^\s*::|##\[/.test(line)) heard.push(line);
  }
  return heard;
}

it("shows with --base what is applied otherwise, and names the scenarios", { timeout }, async () => {
  await using stage = await setStage();
  const made = await repository();
  await change(made, "externalsecret.yaml", "refreshInterval: 30m", "refreshInterval: 1h");
  const json = join(made, "check.json");
  const args = ["check", "--manifests", join(made, "manifests"), "--base", "main", "--json", json];
  expect(await runProgram(args, stage.context)).toBe(0);
  expect(stage.stdout()).toMatch(/^Compared with main \([0-9a-f]{12}\): 1 object changed\.$/m);
  expect(stage.stdout()).toMatch(
    /^changed ExternalSecret opencode\/opencode-ha-secret \(\S+externalsecret\.yaml\)$/m,
  );
  expect(stage.stdout()).toMatch(/^ {2}- {2}refreshInterval: 30m\n {2}\+ {2}refreshInterval: 1h$/m);
  expect(stage.stdout()).toMatch(
    /^Scenarios that this can touch:\n {2}example\n {4}ExternalSecret opencode/m,
  );
  const { comparison } = JSON.parse(await readFile(json, "utf8"));
  expect(comparison).toMatchObject({
    base: { ref: "main", isMergeBase: false },
    changes: [{ what: "changed", kind: "ExternalSecret", namespace: "opencode", name: "opencode-ha-secret" }],
    scenarios: [{ name: "example", why: [{ what: "ExternalSecret opencode/opencode-ha-secret" }] }],
  });
});

it("looks at files of the tree in whose place the home has its own", { timeout }, async () => {
  await using stage = await setStage();
  const made = await repository();
  const template = "../../../../templates/volsync";
  await change(made, `${template}/replicationsource.yaml`, "copyMethod: Snapshot", "copyMethod: Direct");
  await change(made, `${template}/claim.yaml`, "[ReadWriteOnce]", "[ReadWriteMany]");
  const json = join(made, "check.json");
  expect(
    await runProgram(["check", "--manifests", join(made, "manifests"), "--json", json], stage.context),
  ).toBe(1);
  const { findings } = JSON.parse(await readFile(json, "utf8"));
  const templates = join(made, "manifests/kubernetes/templates/volsync");
  for (const file of ["replicationsource.yaml", "claim.yaml"])
    expect(findings).toContainEqual(
      expect.objectContaining({
        file: relative(process.cwd(), join(templates, file)),
        message: expect.stringMatching(/\(in the tree's own file; this home keeps another in its place\)$/),
        isReplaced: true,
      }),
    );
  expect(findings.filter((one: { isReplaced?: true }) => !one.isReplaced)).toEqual([]);
});

it("says with --base what a volume that is there minds, as it says all else", { timeout }, async () => {
  await using stage = await setStage();
  const made = await repository();
  await change(made, "helmrelease.yaml", "subPath: opencode-data", "subPath: sessions");
  await change(made, "../ks.yaml", "VOLSYNC_CAPACITY: 5Gi", "VOLSYNC_CAPACITY: 3Gi");
  const files = ["--json", join(made, "check.json"), "--sarif", join(made, "check.sarif")];
  const args = ["check", "--manifests", join(made, "manifests"), "--base", "main", ...files];
  expect(await runProgram(args, stage.context)).toBe(1);
  expect(stage.stdout()).toMatch(/helmrelease\.yaml:\d+\n {2}to judge: what opencode-ha has of sessions/);
  expect(stage.stdout()).toMatch(
    /ks\.yaml:\d+\n {2}broken: claim opencode-ha changes its size from 5Gi to 3Gi/,
  );
  for (const file of ["check.json", "check.sarif"])
    expect(await readFile(join(made, file), "utf8")).toMatch(/"(id|ruleId)": "living-data-moved"/);
});

it("answers 2 for a base that is not there, and only says so where GitHub named it", {
  timeout,
}, async () => {
  await using stage = await setStage();
  const made = await repository();
  const args = ["check", "--manifests", join(made, "manifests")];
  expect(await runProgram([...args, "--base", "no-such"], stage.context)).toBe(2);
  expect(stage.stderr()).toMatch(/no-such names no commit/);
  stage.context.env.GITHUB_BASE_REF = "main";
  expect(await runProgram(args, stage.context)).toBe(0);
  expect(stage.stderr()).toMatch(/not compared: origin\/main names no commit[\s\S]*fetch-depth: 0/);
});

it("gives no word of a tree to GitHub's runner, and writes a summary from which none breaks out", {
  timeout,
}, async () => {
  await using stage = await setStage();
  const made = await repository();
  const evil = "x\\n::error::of the tree\\n##[add-mask]y\\n```\\n<b>";
  await change(
    made,
    "externalsecret.yaml",
    "  refreshInterval: 30m",
    `  "${evil}": 1\n  refreshInterval: 30m`,
  );
  await change(
    made,
    "ocirepository.yaml",
    "  interval:",
    `  "url\\n::warning::two": "##[error]z"\n  interval:`,
  );
  Object.assign(stage.context.env, { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: join(made, "summary.md") });
  const args = ["check", "--manifests", join(made, "manifests"), "--base", "main"];
  expect(await runProgram(args, stage.context)).toBe(1);
  const heard = commandsIn(stage.stdout());
  expect(heard).toHaveLength(2);
  for (const line of heard)
    expect(line).toMatch(/^::(error|warning) (file=manifests\/\S+,line=\d+,)?title=[a-z-]+::[^\n]+$/);
  expect(stage.stdout()).toContain("::error::of the tree"); // it is told, between words that nobody knows
  const summary = await readFile(join(made, "summary.md"), "utf8");
  expect(summary).toMatch(
    /^- \*\*broken\*\* `manifests\/\S+externalsecret\.yaml:\d+`: ```` ExternalSecret .* ````<br>/m,
  );
  expect(summary).not.toMatch(/^::|^##\[/m);
  expect(summary).toMatch(/^````+diff$/m);
  await using other = await setStage();
  other.context.env.GITHUB_ACTIONS = "true";
  await runProgram([...args, "--json", "-"], other.context);
  expect(commandsIn(other.stdout())).toEqual([]);
  expect(JSON.stringify(JSON.parse(other.stdout()))).toContain("##[add-mask]y");
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
