import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Comparison } from "../report/index.ts";

const comparison: Comparison = {
  version: 1,
  runId: "x",
  startedAt: "2026-01-01T00:00:00.000Z",
  ms: 1,
  base: { name: "origin/main", runs: ["one"] },
  head: { name: "working tree", runs: [], stopped: "@everyone\n\n![x](https://evil.example)" },
  isSameTree: false,
  objects: [],
  statuses: [{ what: "ingress | @you", base: "passed", head: "not run" }],
  differences: [],
  records: { added: [], removed: [] },
  noise: { runs: 0, time: 0, memory: 0 },
};

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "difference-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const file = () => join(dir, "compare.json");
const give = (value: unknown) => writeFile(file(), JSON.stringify(value));
async function told(...options: string[]) {
  const script = join(import.meta.dirname, "difference.ts");
  const env = { GITHUB_STEP_SUMMARY: join(dir, "summary"), GITHUB_OUTPUT: join(dir, "output") };
  const { stdout } = await execa(process.execPath, [script, dir, ...options], { env });
  return {
    stdout,
    summary: await readFile(env.GITHUB_STEP_SUMMARY, "utf8"),
    output: await readFile(env.GITHUB_OUTPUT, "utf8"),
  };
}

it("gives the comparison as the job's summary and as the comment, in which words that are not ours mean nothing", async () => {
  await give(comparison);
  const { stdout, summary, output } = await told();
  expect(summary.trim()).toBe(stdout);
  expect(output).toMatch(/^comment<<([0-9a-f]{32})\n## What the change does[\s\S]*\n\1\n$/);
  expect(stdout).toContain("`working tree` could not be run (`@everyone ![x](https://evil.example)`).");
  expect(stdout).toContain("| `ingress \\| @you` | passed | not run |");
});

it("tells an end that the result says nothing of", async () => {
  await give(comparison);
  expect((await told("--ended", "failure")).stdout).toContain("ended otherwise than well (failure)");
});

it.each([
  [
    "the verdicts are somebody's words",
    { ...comparison, statuses: [{ what: "a", base: "<img src=x>", head: "passed" }] },
  ],
  ["it is no comparison", { version: 1 }],
  ["there is none", undefined],
])("believes nothing where %s", async (_, value) => {
  if (value !== undefined) await give(value);
  expect((await told("--ended", "failure")).stdout).toContain("left no result (failure)");
});

it("follows no link", async () => {
  await writeFile(join(dir, "elsewhere.json"), JSON.stringify(comparison));
  await symlink("elsewhere.json", file());
  expect((await told()).stdout).toContain("left no result");
});

it("says why nothing was compared", async () => {
  expect((await told("--ended", "skipped", "--touched", "[]")).stdout).toContain(
    "Nothing that a scenario could see",
  );
  expect((await told("--ended", "skipped", "--touched", '["drain"]')).stdout).toContain(
    "a job before that one",
  );
});
