import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TreeChange, Twin } from "../../check/index.ts";
import type { RunResult } from "../result.ts";
import { toJson } from "../run-directory.ts";
import { leaveSampleRun } from "./sample/leave.ts";
import { sampleResult } from "./sample/result.ts";
import { writeReport } from "./write-report.ts";

let run: string;
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), "failed-page-"));
  await leaveSampleRun(run);
});
afterEach(() => rm(run, { recursive: true }));

const workspaces = ["opencode-flux", "opencode-ha"].map((name) => ({
  name,
  workload: { name },
  hosts: [{ hostname: `${name}.example` }],
}));
const twinOf = (name: string, differences: Twin["differences"]): Twin => ({
  workspace: { name, workload: { name }, hosts: [] },
  twin: "the other",
  differences,
});
const difference = (lines: string[]): Twin["differences"][number] => ({
  kind: "Deployment",
  name: "opencode-flux",
  file: "kubernetes/a.yaml",
  of: "both",
  lines,
});
const leave = (name: string, value: unknown) => writeFile(join(run, name), toJson(value));
const leaveEvidence = (name: string, text: string) => writeFile(join(run, "evidence/drain", name), text);

/** The page as text; `‹` and `›` stand around what is folded, `«` and `»` around what is unfolded. */
async function shown(): Promise<string> {
  const page = await readFile(await writeReport(run), "utf8");
  expect(page.length).toBeLessThan(2_000_000);
  const folds: string[] = [];
  return page
    .replace(/<style>.*?<\/style>|<script>.*?<\/script>/gs, "")
    .replaceAll(/<(\/?)details([^>]*)>/g, (_, end: string, attributes: string) => {
      if (end) return folds.pop() ?? "";
      const isOpen = / open\b/.test(attributes);
      folds.push(isOpen ? "»" : "›");
      return isOpen ? "«" : "‹";
    })
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll(/\s+/g, " ");
}

describe("a failure's workspace", () => {
  it("is shown with what its twin has otherwise, and no other is", async () => {
    const lines = ["@@ -1,1 +1,1 @@", "-  subPath: opencode-data", "+  subPath: opencode-state"];
    await leave("twins.json", [
      twinOf("opencode-ha", [difference(["+no"])]),
      twinOf("opencode-flux", [difference(lines)]),
    ]);
    const text = await shown();
    expect(text).toMatch(
      /« How opencode-flux differs from its twin the other 1 object [^»]*Deployment opencode-flux kubernetes\/a\.yaml @@ -1,1 \+1,1 @@ - subPath: opencode-data \+ subPath: opencode-state »/,
    );
    expect(text).not.toContain("How opencode-ha differs");
  });

  it("is said to be as its twin is where nothing differs", async () => {
    await leave("twins.json", [twinOf("opencode-flux", [])]);
    expect(await shown()).toContain(
      "opencode-flux is made as its twin the other is: but for their names nothing differs.",
    );
  });

  it("has what differs folded where that is much, and not all of it", async () => {
    const much = (name: string) => ({ ...difference(Array.from({ length: 300 }, () => "+ a: 1")), name });
    await leave("twins.json", [twinOf("opencode-flux", [much("first"), much("second")])]);
    const text = await shown();
    expect(text).toMatch(
      /‹ How opencode-flux differs from its twin the other 2 objects .*1 more object differ/,
    );
    expect(text).not.toContain("Deployment second");
  });

  it("has what its init containers said last", async () => {
    await leave("world.json", { workspaces });
    const pod = (name: string) =>
      `---\nkind: Pod\nmetadata: { namespace: opencode, name: ${name} }\nspec: { initContainers: [{ name: git-clone }] }\nstatus: {}\n`;
    await leaveEvidence(
      "pod.yaml",
      pod("opencode-flux-6d5f7c9b4-x2x4z") + pod("opencode-ha-7c9d8b6f5-zk4lp"),
    );
    await leaveEvidence(
      "opencode-opencode-flux-6d5f7c9b4-x2x4z-git-clone.log",
      "1\n2\n3\n\u001b[94m4\u001b[0m\n5\n6\n",
    );
    await leaveEvidence("opencode-opencode-ha-7c9d8b6f5-zk4lp-git-clone.log", "of another\n");
    const text = await shown();
    expect(text).toContain(
      "« What the init containers of opencode-flux-6d5f7c9b4-x2x4z said last 1 log git-clone: 2 git-clone: 3 git-clone: 4 git-clone: 5 git-clone: 6 »",
    );
    expect(text).not.toContain("of another");
  });
});

describe("warnings of the cluster", () => {
  const warning = (time: string, text: string) => `2026-11-21T${time}.000Z Warning ${text}\n`;
  const pod = "Pod opencode/opencode-flux-6d5f7c9b4-q8x2m Late: own";
  const early = warning("12:03:10", "Pod opencode/opencode-flux-6d5f7c9b4-x2x4z Early: own");
  const start = warning("12:03:11", "Pod flux-system/helm-controller-94d4977b9-4d6km Start: nobody's");
  const other = warning("12:59:03", "Pod opencode/opencode-ha-7c9d8b6f5-zk4lp Late: another's");

  it("are open of the step's time and of the workspace that failed, and folded of the rest", async () => {
    await leave("world.json", { workspaces });
    await leaveEvidence("events.txt", early + start + warning("12:59:02", pod) + other);
    const text = await shown();
    expect(text).toContain(`« Warnings of the cluster 1 event 12:59:02 ${pod} »`);
    expect(text).toMatch(
      /‹ Other warnings of the cluster[^›]* 3 more 12:03:10 [^›]*Early: own 12:03:11 [^›]*12:59:03 /,
    );
  });

  it("are open of the workspace where none came in time", async () => {
    await leave("world.json", { workspaces });
    await leaveEvidence("events.txt", early + start + other);
    expect(await shown()).toMatch(/« Warnings of the cluster 1 event 12:03:10 [^»]*Early: own »/);
  });
});

describe("what has changed in the tree", () => {
  const file = (path: string, lines = ["+a"]): TreeChange["files"][number] => ({
    path,
    what: "changed",
    lines,
  });
  const change: TreeChange = {
    base: { ref: "origin/HEAD", commit: "4be1c0de904be1c0de90", isMergeBase: true },
    files: [
      file("kubernetes/apps/media/a.yaml"),
      file("kubernetes/apps/opencode/namespace.yaml"),
      file("kubernetes/apps/opencode/opencode-flux/ks.yaml"),
      file(
        "kubernetes/large.yaml",
        Array.from({ length: 601 }, () => "+a"),
      ),
      file("picture.png", []),
    ],
  };

  it("is told of a failed run, what is near to the workspace first", async () => {
    await leave("world.json", { workspaces });
    await leave("change.json", change);
    const text = await shown();
    expect(text).toMatch(
      /What has changed in the tree 5 files of the tree are not as in 4be1c0de904b, where origin\/HEAD and HEAD part\./,
    );
    expect([...text.matchAll(/‹ (kubernetes\S+) changed/g)].map(([, path]) => path)).toEqual([
      "kubernetes/apps/opencode/opencode-flux/ks.yaml",
      "kubernetes/apps/opencode/namespace.yaml",
      "kubernetes/apps/media/a.yaml",
    ]);
    expect(text).toMatch(
      /‹ 2 more files, without their lines kubernetes\/large\.yaml changed picture\.png changed ›/,
    );
  });

  it("is told of no other run", async () => {
    await leave("change.json", change);
    await leave("result.json", passed());
    expect(await shown()).not.toContain("What has changed in the tree");
  });
});

function passed(): RunResult {
  const result = sampleResult();
  return {
    ...result,
    status: "passed",
    scenarios: result.scenarios.filter(({ status }) => status === "passed"),
  };
}

it("has what a run does not prove folded where something has failed", async () => {
  const folded =
    /What is proved ‹ \d+ of \d+ in this run .*What a green run does not prove ‹ \d+ differences/;
  expect(await shown()).toMatch(folded);
  await leave("result.json", passed());
  const green = await shown();
  expect(green).not.toMatch(/What is proved ‹/);
  expect(green).toMatch(/What is proved \d+ of \d+ /);
});

it("counts each name that was asked for once, in its head as in its table", async () => {
  const asked = (who: string, name: string, isAnswered: boolean) => ({ who, name, isAnswered, count: 2 });
  await leave("egress.json", [
    asked("opencode/a", "models.dev", false),
    asked("opencode/b", "models.dev", false),
    asked("opencode/a", "github.com", true),
  ]);
  const text = await shown();
  expect(text).toContain("Asked outside 2 names, 1 unanswered");
  expect(text).toContain("Nobody answers for 1 name here");
});

it("says when a stream was cut, and by when all else was seen", async () => {
  const text = await shown();
  expect(text).toMatch(/cut once, gap 11\.\d s, at [\d.]+ (min|s)/);
  expect(text).toMatch(/What was seen 3 lines, before the step failed at \d/);
});
