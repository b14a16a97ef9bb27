import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { examples } from "./examples.ts";
import { type Stage, setStage } from "./fake-rooms.ts";
import { runProgram } from "./program.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage[Symbol.asyncDispose]());

const run = (...args: string[]) => runProgram(args, stage.context);

/** What is printed past the command's own streams: a library does so. */
async function printed(work: () => Promise<unknown>): Promise<string> {
  const lines: string[] = [];
  using _log = vi.spyOn(console, "log").mockImplementation((line) => void lines.push(String(line)));
  await work();
  return lines.join("\n");
}

describe("--help", () => {
  it("answers with exit 0", async () => {
    expect(await run("--help")).toBe(0);
    expect(stage.stdout()).toContain("Usage: npm run");
  });

  it("answers a user that no passwd knows", async () => {
    const nobody = `import os from "node:os"; import { syncBuiltinESMExports } from "node:module";
      os.homedir = () => { if (process.env.HOME) return process.env.HOME; throw new Error("ENOENT"); }; syncBuiltinESMExports();`;
    const cli = join(checkoutDir, "harness", "cli.ts");
    const command = ["--import", `data:text/javascript,${encodeURIComponent(nobody)}`, cli, "--help"];
    const { stdout } = await execa(process.execPath, command, { extendEnv: false });
    expect(stdout).toContain("Usage: npm run");
  });

  it.each(Object.keys(examples))(
    "of %s has two examples, of nothing that it does not know",
    async (command) => {
      expect(await run(command, "--help")).toBe(0);
      const [help = "", shown = ""] = stage.stdout().split("\nExamples:\n");
      expect(shown.trim().split("\n")).toHaveLength(2);
      const options = shown.replaceAll(/#.*$|\|.*$|--silent|--\s/gm, "").match(/--[a-z-]+/g) ?? [];
      for (const option of options) expect(help).toContain(option);
    },
  );

  it("has examples for each command, and each command an npm script", async () => {
    await run("--help");
    const commands = [...stage.stdout().matchAll(/^ {2}([a-z]+) .*?\S/gm)].map(([, name]) => name);
    const { scripts } = JSON.parse(await readFile(join(checkoutDir, "package.json"), "utf8"));
    const own = commands.filter((name) => name !== "help");
    expect(own.toSorted()).toEqual(Object.keys(examples).toSorted());
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(own));
  });
});

describe("a wrong option", () => {
  it.each([
    [["scenario", "example", "--imges", "auto"], /'--imges'[\s\S]*--images/],
    [["scenario", "example", "--images", "x"], /--images <source>.*auto, registry, packages/],
    [["scenario", "example", "--manifests", "/no/such/tree"], /--manifests <dir>.*no such directory/],
    [["scenario", "example", "--json", "/tmp"], /--json <file>.*directory, not a file/],
    [["scenario", "example", "--junit", "/tmp"], /--junit <file>.*directory, not a file/],
    [["mutants", "--clusters", "0"], /--clusters <count>.*above 0/],
  ])("is told by its name before anything runs: %j", async (args, said) => {
    expect(await run(...args)).toBe(2);
    expect(stage.stderr().replaceAll("\n", " ")).toMatch(said);
    expect(stage.acts).toEqual([]);
  });
});

describe("npm run doctor -- --json", () => {
  it("is JSON on standard output, and nothing else", async () => {
    await run("doctor", "--json");
    expect(JSON.parse(stage.stdout())).toMatchObject({ checks: expect.any(Array) });
  });
});

describe("completion", () => {
  const offered = async (...words: string[]) => {
    const lines = await printed(() => run("complete", "--", ...words));
    return lines
      .split("\n")
      .slice(0, -1)
      .map((line) => line.split("\t")[0]);
  };

  it("offers commands, options and their values", async () => {
    expect(await offered("")).toEqual(expect.arrayContaining(["scenario", "mutants", "report"]));
    expect(await offered("scenario", "--ma")).toEqual(["--manifests"]);
    expect(await offered("scenario", "--images", "")).toEqual(["auto", "registry", "packages"]);
  });

  it("offers the scenarios, mutants and runs that there are", async () => {
    expect(await offered("scenario", "ex")).toEqual(["example"]);
    expect(await offered("mutants", "--mutant", "over")).toEqual(["over-1", "over-2", "over-leaks"]);
    await run("scenario", "example");
    expect(await offered("report", "")).toEqual([expect.stringMatching(/^\d{8}-\d{4}-example-/)]);
  });

  it.each(["bash", "zsh", "fish", "powershell"])("has a script for %s", async (shell) => {
    const script = await printed(() => run("completion", shell));
    expect(stage.stdout()).toContain("harness");
    expect(script).toContain("harness complete");
  });

  it("works in a bash", async () => {
    const home = await mkdtemp(join(tmpdir(), "completion-"));
    try {
      const cli = join(checkoutDir, "harness", "cli.ts");
      const script = await execa(process.execPath, [cli, "completion", "bash"]);
      // What the package bash-completion brings, as far as the script needs it.
      const words = `_get_comp_words_by_ref() { words=("\${COMP_WORDS[@]}"); cword=$COMP_CWORD; cur=\${words[cword]}; prev=\${words[cword-1]}; }; compopt() { :; }`;
      const ask = `COMP_WORDS=(harness mutants per); COMP_CWORD=2; __harness_complete; echo "\${COMPREPLY[*]}"`;
      const { stdout } = await execa("bash", ["-c", `${words}\n${script.stdout}\n${ask}`], {
        env: { HOME: home },
      });
      expect(stdout.trim()).toBe("persistence");
    } finally {
      await rm(home, { recursive: true });
    }
  });
});
