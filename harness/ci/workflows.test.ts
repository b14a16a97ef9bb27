import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkoutDir } from "../base/index.ts";

const hasGo = (await execa("go", ["version"], { reject: false })).exitCode === 0;
/** The first time it is fetched from the Go module proxy and compiled. */
const buildTimeoutMs = 300_000;

/** The program of .ci/actionlint/go.mod, compiled with one processor at the lowest priority. */
async function compile(): Promise<string> {
  const { stdout } = await execa("nice", ["-n", "15", "go", "tool", "-n", "actionlint"], {
    cwd: join(checkoutDir, ".ci/actionlint"),
    env: { GOFLAGS: `${process.env.GOFLAGS ?? ""} -p=1`.trim() },
  });
  return stdout;
}

/** `-` reads standard input. Programs that it would only find by chance are off. */
async function actionlint(file: string, input = "") {
  const options = ["-no-color", "-shellcheck=", "-pyflakes="];
  return execa(await compile(), [...options, file], { cwd: checkoutDir, input, all: true, reject: false });
}

interface Step {
  id?: string;
  name?: string;
  uses?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}
interface Job {
  needs?: string | string[];
  if?: string;
  permissions?: Record<string, string>;
  steps: Step[];
}

describe("the shipped workflow", async () => {
  const text = await readFile(join(checkoutDir, ".github/workflows/scenarios.yml"), "utf8");
  const jobs = parse(text).jobs as Record<string, Job>;
  const all = Object.values(jobs).flatMap(({ steps }) => steps);

  it("gives no job a secret, and a token that only reads, but for the comment that is asked for", () => {
    expect(text).not.toMatch(/\bsecrets\b/);
    const { comment, "comment-difference": onDifference, ...others } = jobs;
    for (const { permissions } of Object.values(others)) expect(permissions).toEqual({ contents: "read" });
    for (const [job, words] of [
      [comment, []],
      [onDifference, ["difference"]],
    ] as const) {
      expect(job?.if).toContain("inputs.comment");
      expect(job?.if).toContain("github.event_name == 'pull_request'");
      // Whoever may write runs nothing of the tree's, and no package's script.
      expect(job?.steps.map(({ uses, run }) => uses?.split("@")[0] ?? run)).toEqual([
        "actions/checkout",
        "actions/setup-node",
        ["node harness/ci/comment.ts", ...words].join(" "),
      ]);
    }
    const withToken = Object.entries(jobs).filter(([, job]) => JSON.stringify(job).includes("github.token"));
    expect(withToken.map(([name]) => name)).toEqual(["comment", "comment-difference"]);
  });

  it("leaves no token in a checkout", () => {
    const checkouts = all.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts).toHaveLength(11);
    for (const { with: options } of checkouts) expect(options?.["persist-credentials"]).toBe(false);
  });

  it("names every action by its commit, and says which version that is", () => {
    const lines = text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) expect(line).toMatch(/uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("puts no expression into a script, where its value would be code", () => {
    for (const { run = "" } of all) expect(run).not.toContain("${{");
  });

  it("quotes whatever prints what is not ours", () => {
    const ours = new Set([
      "npm ci",
      ".ci/reach",
      "npm run doctor",
      "node harness/ci/comment.ts",
      "node harness/ci/comment.ts difference",
      "sudo modprobe br_netfilter || true",
    ]);
    const lines = all
      .flatMap(({ run = "" }) => run.split("\n"))
      .filter((line) => line !== "" && !ours.has(line));
    const open = lines.filter((line) => !/^(\.ci\/quoted |exec \.ci\/(lane|check|compare) )/.test(line));
    expect(open).toEqual([
      "names=$(npm run --silent scenario -- --list --json - | node harness/ci/lane-names.ts)",
      'echo "scenarios=$names" >> "$GITHUB_OUTPUT"',
      'echo "key=$KEY" >> "$GITHUB_OUTPUT"',
      "node harness/ci/images.ts save ../image-archive",
      "node harness/ci/images.ts load ../image-archive",
      "rm -rf ../image-archive",
      "node harness/ci/images.ts load ../image-archive", // of the comparison
      "rm -rf ../image-archive",
    ]);
  });

  it("reads each lane's artifact apart from the others, and asks GitHub how the lanes ended", () => {
    const download = all.find(({ uses }) => uses?.startsWith("actions/download-artifact@"));
    expect(download?.with).toEqual({ pattern: "lane-*", path: "harness/results/artifacts" });
    const summary = all.find(({ run }) => run?.includes("summary.ts"));
    expect(summary?.run).toContain('--artifacts --lanes "$LANES" --check "$CHECK"');
    expect(summary?.env?.LANES).toMatch(/^\$\{\{ needs\.lane\.result \}\}$/);
  });

  it("compares in a job of its own, with the same images and on the same terms as the lanes", () => {
    const { compare, lane } = jobs;
    expect(compare?.if).toContain("needs.images.result == 'success' && github.event_name == 'pull_request'");
    expect(compare?.if).toContain("needs.check.outputs.touched != '[]'");
    const namesOf = (job: Job | undefined) => job?.steps.map(({ name, run, uses }) => name ?? run ?? uses);
    expect(namesOf(compare)?.slice(0, 8)).toEqual(namesOf(lane)?.slice(0, 8));
    const checkouts = compare?.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    // The base is read from them.
    expect(checkouts?.map(({ with: options }) => options?.["fetch-depth"])).toEqual([
      expect.stringMatching(/^\$\{\{ inputs\.directory && 1 \|\| 0 \}\}$/),
      0,
    ]);
  });

  it("lets nothing that has run the tree write what a pull request is told of the change", () => {
    const { compare, difference } = jobs;
    expect(compare).not.toHaveProperty("outputs");
    expect(difference?.steps.map(({ uses, run }) => uses?.split("@")[0] ?? run)).toEqual([
      "actions/checkout",
      "actions/setup-node",
      "npm ci",
      "actions/download-artifact",
      '.ci/quoted node harness/ci/difference.ts results/artifacts/compare/compare --ended "$ENDED" --touched "$TOUCHED"',
    ]);
    expect(difference?.steps.at(-1)?.env?.ENDED).toMatch(/^\$\{\{ needs\.compare\.result \}\}$/);
    // Nobody waits for it: what is required is the summary.
    expect(jobs.summary?.needs).not.toContain("compare");
  });

  it("says what a tree could reach before any lane checks one out", () => {
    const { check, images, lane } = jobs;
    const steps = check?.steps.map(({ name = "", run }) => run ?? name) ?? [];
    expect(steps.indexOf(".ci/reach")).toBeGreaterThan(0);
    expect(steps.indexOf("Check out the tree under test")).toBeGreaterThan(steps.indexOf(".ci/reach"));
    expect(images?.needs).toBe("check");
    expect(lane?.needs).toBe("images");
    expect(images?.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"))).toHaveLength(1);
  });

  it("starts no lane where the check says that none can work, and tells the check's end in the summary", () => {
    const { check, images, lane, summary } = jobs;
    expect(check?.steps.find(({ id }) => id === "check")?.run).toMatch(/^exec \.ci\/check /);
    expect(images?.if).toContain("!cancelled() && needs.check.outputs.lanes == 'start'");
    expect(lane?.if).toContain("!cancelled() && needs.images.result == 'success'");
    expect(summary?.needs).toEqual(["check", "images", "lane"]);
    expect(summary?.steps.find(({ env }) => env?.CHECK)?.env?.CHECK).toMatch(
      /^\$\{\{ needs\.check\.result \}\}$/,
    );
  });
});

describe.skipIf(!hasGo)(
  `actionlint${hasGo ? "" : " (skipped: Go is not installed)"}`,
  { timeout: buildTimeoutMs },
  () => {
    it("finds nothing wrong with scenarios.yml", async () => {
      const { all, exitCode } = await actionlint(".github/workflows/scenarios.yml");
      expect(all).toBe("");
      expect(exitCode).toBe(0);
    });

    it("finds nothing wrong with the workflow that README.md gives to the owner of a cluster", async () => {
      const readme = await readFile(join(checkoutDir, "README.md"), "utf8");
      const snippet = /```yaml\n(# \.github\/workflows\/.+?)```/s.exec(readme)?.[1] ?? "";
      expect(snippet).toContain("/.github/workflows/scenarios.yml@");
      const { all, exitCode } = await actionlint("-", snippet);
      expect(all).toBe("");
      expect(exitCode).toBe(0);
    });

    it("does find what is wrong", async () => {
      const job =
        "on: push\njobs:\n  a:\n    needs: nothing\n    runs-on: ubuntu-latest\n    steps: [run: true]\n";
      const { all, exitCode } = await actionlint("-", job);
      expect(all).toContain('needs job "nothing" which does not exist');
      expect(exitCode).toBe(1);
    });
  },
);
