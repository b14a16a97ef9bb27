import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
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
