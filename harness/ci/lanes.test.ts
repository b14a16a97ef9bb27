import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunResult } from "../report/index.ts";
import { haveAllPassed, renderHead, renderLanes } from "./lane-summary.ts";
import { contradiction, inArtifacts, readLanes } from "./read-lanes.ts";

const passed: RunResult = {
  version: 1,
  runId: "20261121-1203-persistence-ab12",
  command: "scenario",
  status: "passed",
  exitCode: 0,
  startedAt: "2026-11-21T12:03:00.000Z",
  ms: 71_000,
  options: { manifests: "manifests", images: "auto", store: "webhook", keep: "never" },
  scenarios: [
    {
      name: "persistence",
      title: "Work survives the pod",
      status: "passed",
      ms: 60_000,
      steps: [
        { title: "Everything is Ready", status: "passed", ms: 21_400 },
        { title: "the login is seeded", status: "not applicable", ms: 0, why: "the tree has no login" },
      ],
    },
  ],
  mutants: [],
  fidelity: 9,
  egress: { asked: 3, unanswered: 1 },
  directory: "results/20261121-1203-persistence-ab12",
};

const failed: RunResult = {
  ...passed,
  status: "failed",
  exitCode: 1,
  scenarios: [
    {
      name: "drain",
      title: "Work moves to another node",
      status: "failed",
      ms: 9_000,
      steps: [
        { title: "Everything is Ready", status: "passed", ms: 100 },
        {
          title: "drain | the node",
          status: "failed",
          ms: 200,
          failure: {
            message: "expected another node (pitfall 7)\n```\n<b> @everyone https://evil.example",
            remedy: "take nodeSelector out",
            where: ["manifests/helmrelease.yaml:7 (HelmRelease x)"],
            at: "scenarios/drain.scenario.ts:20",
            details: Array.from({ length: 60 }, (_, line) => `line ${line}`).join("\n"),
          },
        },
        { title: "uncordon", status: "skipped", ms: 0 },
      ],
    },
  ],
};

const unable: RunResult = {
  ...passed,
  status: "error",
  exitCode: 3,
  scenarios: [],
  error: { message: "no engine answers", remedy: "start Docker", code: "environment" },
};

const inapplicable: RunResult = {
  ...passed,
  status: "not applicable",
  scenarios: [
    {
      name: "crash",
      title: "Work survives its node",
      status: "not applicable",
      ms: 0,
      steps: [
        { title: "the node dies", status: "not applicable", ms: 0, why: "no document says what to do" },
      ],
    },
  ],
};

describe("a lane that is not applicable to the tree", () => {
  const lanes = [
    { name: "persistence", result: passed },
    { name: "crash", result: inapplicable },
  ];

  it("neither passes nor fails, and is counted", () => {
    expect(haveAllPassed(lanes)).toBe(true);
    expect(renderHead(lanes)).toContain("## ✅ 1 of 1 scenarios passed, 1 not applicable\n");
    expect(renderHead(lanes)).toMatch(/\| crash +\| ➖ not applicable +\| 0 of 0, 1 not applicable /);
    expect(renderHead([...lanes, { name: "drain", result: failed }])).toContain(
      "## ❌ 1 of 2 scenarios passed",
    );
  });

  it("proves nothing where no other has passed", () => {
    expect(haveAllPassed([{ name: "crash", result: inapplicable }])).toBe(false);
    expect(renderHead([{ name: "crash", result: inapplicable }])).toContain("## ❌ 0 of 0 scenarios passed");
  });

  it("is believed only where none of its steps is", () => {
    expect(contradiction("crash", inapplicable)).toBeUndefined();
    const [scenario] = passed.scenarios;
    const forged = { ...inapplicable, scenarios: [{ ...scenario, name: "crash", status: "not applicable" }] };
    expect(contradiction("crash", forged as RunResult)).toBe('it is "not applicable", and its steps are');
    expect(contradiction("crash", { ...inapplicable, exitCode: 1 })).toContain("with exit code 1");
  });
});

describe("renderLanes", () => {
  const lanes = [
    { name: "persistence", result: passed },
    { name: "drain", result: failed },
    { name: "crash", result: unable },
    { name: "ingress", result: undefined },
    { name: "websocket", result: undefined, doubt: "it is about drain" },
  ];
  const text = renderLanes(lanes);

  it("begins with the verdict, and one line for each lane that failed: what, where, how to mend it", () => {
    expect(text.split("\n").slice(0, 7)).toEqual([
      "## ❌ 1 of 5 scenarios passed",
      "",
      "- **drain**: ```` expected another node (pitfall 7) ``` <b> @everyone https://evil.example ```` in `manifests/helmrelease.yaml:7 (HelmRelease x)` → `take nodeSelector out`",
      "- **crash**: `no engine answers` → `start Docker`",
      "- **ingress**: `the lane left no result; its log says how it ended`",
      "- **websocket**: `what the lane left is not believed: it is about drain`",
      "",
    ]);
  });

  it("has one row for each lane, those without a result too", () => {
    expect(text.split("\n").slice(7, 14)).toEqual([
      expect.stringMatching(/^\| scenario +\| verdict +\| steps +\| time +\| failed at +\|$/),
      expect.stringMatching(/^(\| -+ ){5}\|$/),
      expect.stringMatching(
        /^\| persistence \| ✅ passed +\| 1 of 1, 1 not applicable \| 1 min 11 s \| +\|$/,
      ),
      expect.stringMatching(/^\| drain +\| ❌ failed +\| 1 of 3 +\| 1 min 11 s \| `drain \\\| the node` \|$/),
      expect.stringMatching(/^\| crash +\| ⚠️ could not run +\| 0 of 0 /),
      expect.stringMatching(/^\| ingress +\| ⚠️ no result /),
      expect.stringMatching(/^\| websocket +\| ⚠️ not believed /),
    ]);
  });

  it("folds the rest: all that failed, what to do, and where", () => {
    expect(text).toContain(
      "<details><summary>drain: <code>drain &#124; the node</code></summary>\n\n    expected another node (pitfall 7)\n",
    );
    expect(text).toContain("What to do:\n\n    take nodeSelector out");
    expect(text).toContain("Where to look:\n\n    manifests/helmrelease.yaml:7 (HelmRelease x)");
    expect(text).toContain("At `scenarios/drain.scenario.ts:20`");
    expect(text).toContain("<details><summary>crash</summary>\n\n    no engine answers");
  });

  it("lets no message break out of its block, ring anybody or become a link, and cuts long details short", () => {
    expect(text).toContain("\n    ```\n    <b> @everyone https://evil.example\n");
    expect(text).toContain("    line 39\n    … 20 more lines in the evidence");
    // What is left when all code is taken away.
    const bare = renderHead(lanes).replaceAll(/(`+)[^`](?:.*?[^`])?\1(?!`)/g, "");
    expect(bare).not.toMatch(/@|https?:|<b>/);
  });

  it("stays below what GitHub takes", () => {
    const long = { ...unable, error: { message: "ü".repeat(200_000) } };
    const many = renderLanes(Array.from({ length: 9 }, (_, index) => ({ name: `s-${index}`, result: long })));
    expect(Buffer.byteLength(many)).toBeLessThan(1024 * 1024);
    expect(many).toMatch(/More is in the artifacts\.\n$/);
  });
});

it("has passed only if there are lanes and each of them passed", () => {
  expect(haveAllPassed([{ name: "persistence", result: passed }])).toBe(true);
  expect(haveAllPassed([{ name: "drain", result: failed }])).toBe(false);
  expect(haveAllPassed([{ name: "ingress", result: undefined }])).toBe(false);
  expect(haveAllPassed([])).toBe(false);
});

it("has not passed when GitHub saw a lane end otherwise, whatever the results say", () => {
  const lanes = [{ name: "persistence", result: passed }];
  expect(haveAllPassed(lanes, { lanes: "success" })).toBe(true);
  for (const state of ["failure", "cancelled", "skipped", ""])
    expect(haveAllPassed(lanes, { lanes: state })).toBe(false);
  expect(renderHead(lanes, { lanes: "failure" })).toContain(
    "## ❌ 1 of 1 scenarios passed, but GitHub saw a lane end otherwise (failure)",
  );
});

it("has not passed when the check before the lanes has not", () => {
  const lanes = [{ name: "persistence", result: passed }];
  expect(haveAllPassed(lanes, { lanes: "success", check: "success" })).toBe(true);
  expect(haveAllPassed(lanes, { lanes: "success", check: "failure" })).toBe(false);
  expect(renderHead(lanes, { check: "failure" })).toContain(
    "## ❌ 1 of 1 scenarios passed, but the check of the manifests ended otherwise (failure)",
  );
  expect(renderHead([], { lanes: "skipped", check: "failure" })).toContain(
    "## ❌ the check of the manifests let no lane start",
  );
});

describe("a lane's result", () => {
  it("is believed when it is about the lane and agrees with itself", () => {
    expect(contradiction("persistence", passed)).toBeUndefined();
    expect(contradiction("drain", failed)).toBeUndefined();
    expect(contradiction("crash", unable)).toBeUndefined();
  });

  const [scenario] = passed.scenarios;
  const withSteps = (...statuses: ("passed" | "failed" | "skipped")[]): RunResult => ({
    ...passed,
    scenarios: scenario
      ? [{ ...scenario, steps: statuses.map((status) => ({ title: status, status, ms: 1 })) }]
      : [],
  });
  it.each<[string, RunResult]>([
    ["is that of another lane", { ...passed, scenarios: failed.scenarios }],
    ["is about two", { ...passed, scenarios: [...passed.scenarios, ...passed.scenarios] }],
    ["is about none", { ...passed, scenarios: [] }],
    ["passed with an exit code", { ...passed, exitCode: 1 }],
    ["failed without one", { ...passed, status: "failed" }],
    ["has a step that failed", withSteps("passed", "failed")],
    ["has a step that was skipped", withSteps("passed", "skipped")],
    ["has no step", withSteps()],
    ["is that of a mutant", { ...passed, options: { ...passed.options, mutant: "re-clone" } }],
    ["is that of mutants", { ...passed, command: "mutants" }],
  ])("is not believed when it %s", (_, result) => {
    expect(contradiction("persistence", result)).toMatch(/^it is /);
  });
});

describe("the summary of a directory", () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "lanes-"));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  async function leave(name: string, text: string): Promise<void> {
    await mkdir(join(dir, name));
    await writeFile(join(dir, name, "result.json"), text);
  }
  const summary = (...names: string[]) =>
    execa("node", [join(import.meta.dirname, "summary.ts"), dir, JSON.stringify(names)], { reject: false });

  it("takes half a file, or another format, for no result", async () => {
    await leave("persistence", JSON.stringify(passed));
    await leave("drain", '{"version":1,');
    await leave("crash", '{"version":2}');
    const lanes = await readLanes(dir, ["persistence", "drain", "crash", "ingress"]);
    expect(lanes.map(({ result }) => result?.status)).toEqual(["passed", undefined, undefined, undefined]);
  });

  it("takes what a lane says of another for nothing, and what leads elsewhere", async () => {
    await leave("persistence", JSON.stringify(failed));
    await leave("drain", JSON.stringify(failed));
    await mkdir(join(dir, "crash"));
    await symlink(join(dir, "drain/result.json"), join(dir, "crash/result.json"));
    await symlink(join(dir, "drain"), join(dir, "ingress"));
    const lanes = await readLanes(dir, ["persistence", "drain", "crash", "ingress"]);
    expect(lanes.map(({ result, doubt }) => result?.status ?? doubt)).toEqual([
      "it is about drain",
      "failed",
      undefined,
      undefined,
    ]);
  });

  it("reads each artifact under its own lane's name, whatever else is in it", async () => {
    await mkdir(join(dir, "lane-drain/lanes/persistence"), { recursive: true });
    await writeFile(join(dir, "lane-drain/lanes/persistence/result.json"), JSON.stringify(passed));
    await mkdir(join(dir, "lane-drain/lanes/drain"), { recursive: true });
    await writeFile(join(dir, "lane-drain/lanes/drain/result.json"), JSON.stringify(failed));
    const lanes = await readLanes(dir, ["persistence", "drain"], inArtifacts);
    expect(lanes.map(({ result }) => result?.status)).toEqual([undefined, "failed"]);
  });

  it("is the job's summary on GitHub, and its head an output that no lane can end", async () => {
    await leave("persistence", JSON.stringify(passed));
    const [summaryFile, outputFile] = [join(dir, "summary.md"), join(dir, "output")];
    const { stdout } = await execa(
      "node",
      [join(import.meta.dirname, "summary.ts"), dir, '["persistence"]', "--lanes", "success"],
      { env: { GITHUB_STEP_SUMMARY: summaryFile, GITHUB_OUTPUT: outputFile } },
    );
    expect(await readFile(summaryFile, "utf8")).toBe(`${stdout}\n`);
    expect(await readFile(outputFile, "utf8")).toMatch(
      /^comment<<([0-9a-f]{32})\n## ✅ 1 of 1 scenarios passed\n[\s\S]*\n\1\n$/,
    );
  });

  it("is printed, and its exit code is 0 only when all lanes passed", async () => {
    await leave("persistence", JSON.stringify(passed));
    const one = await summary("persistence");
    expect(one.exitCode).toBe(0);
    expect(one.stdout).toContain("1 of 1 scenarios passed");
    expect(await readFile(join(dir, "report.html"), "utf8")).toContain("The one scenario passes");
    const two = await summary("persistence", "drain");
    expect(two.exitCode).toBe(1);
    expect(two.stdout).toContain("no result");
    expect((await summary()).exitCode).toBe(1);
  });
});

describe("lane-names.ts", () => {
  const names = (input: string) =>
    execa("node", [join(import.meta.dirname, "lane-names.ts")], { input, reject: false });

  it("makes one line for a matrix out of the list of scenarios", async () => {
    expect((await names('[{"name":"drain","title":"x"},{"name":"crash"}]')).stdout).toBe('["drain","crash"]');
  });

  it("fails on an empty list, so that no empty matrix passes", async () => {
    expect((await names("[]")).exitCode).not.toBe(0);
  });
});
