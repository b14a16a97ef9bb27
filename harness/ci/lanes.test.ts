import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunResult } from "../report/index.ts";
import { haveAllPassed, renderLanes } from "./lane-summary.ts";
import { readLanes } from "./read-lanes.ts";

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
            message: "expected another node (pitfall 7)\n```\n<b>",
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

describe("renderLanes", () => {
  const text = renderLanes([
    { name: "persistence", result: passed },
    { name: "drain", result: failed },
    { name: "crash", result: unable },
    { name: "ingress", result: undefined },
  ]);

  it("has one row for each lane, those without a result too", () => {
    expect(text.split("\n").slice(0, 8)).toEqual([
      "## Scenarios: 1 of 4 passed",
      "",
      expect.stringMatching(/^\| scenario +\| verdict +\| steps +\| time +\| failed at +\|$/),
      expect.stringMatching(/^(\| -+ ){5}\|$/),
      expect.stringMatching(
        /^\| persistence \| ✅ passed +\| 1 of 1, 1 not applicable \| 1 min 11 s \| +\|$/,
      ),
      expect.stringMatching(/^\| drain +\| ❌ failed +\| 1 of 3 +\| 1 min 11 s \| drain \\\| the node \|$/),
      expect.stringMatching(/^\| crash +\| ⚠️ could not run +\| 0 of 0 /),
      expect.stringMatching(/^\| ingress +\| ⚠️ no result /),
    ]);
  });

  it("says below the table what failed, what to do, and where", () => {
    expect(text).toContain("### drain: drain \\| the node\n\n    expected another node (pitfall 7)\n");
    expect(text).toContain("What to do:\n\n    take nodeSelector out");
    expect(text).toContain("Where to look:\n\n    manifests/helmrelease.yaml:7 (HelmRelease x)");
    expect(text).toContain("At `scenarios/drain.scenario.ts:20`");
    expect(text).toContain("### crash\n\n    no engine answers");
  });

  it("lets no message break out of its block, and cuts long details short", () => {
    expect(text).toContain("\n    ```\n    <b>\n");
    expect(text).toContain("    line 39\n    … 20 more lines in the evidence");
  });
});

it("has passed only if there are lanes and each of them passed", () => {
  expect(haveAllPassed([{ name: "persistence", result: passed }])).toBe(true);
  expect(haveAllPassed([{ name: "drain", result: failed }])).toBe(false);
  expect(haveAllPassed([{ name: "ingress", result: undefined }])).toBe(false);
  expect(haveAllPassed([])).toBe(false);
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

  it("is printed, and its exit code is 0 only when all lanes passed", async () => {
    await leave("persistence", JSON.stringify(passed));
    const one = await summary("persistence");
    expect(one.exitCode).toBe(0);
    expect(one.stdout).toContain("1 of 1 passed");
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
