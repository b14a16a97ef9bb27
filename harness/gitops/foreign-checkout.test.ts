import { existsSync } from "node:fs";
import { appendFile, chmod, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { beforeEach, describe, expect, it } from "vitest";
import { listFiles } from "./list-files.ts";
import { directoryWith } from "./test-directory.ts";
import { readTree } from "./working-tree.ts";

const app = "kubernetes/apps/opencode";
let directory: string;
/** Written by every program that the checkout names. */
let marker: string;
let program: string;

const git = (...args: string[]) =>
  execa("git", ["-C", directory, "-c", "user.name=A", "-c", "user.email=a@example.invalid", ...args]);
const configure = (text: string) => appendFile(join(directory, ".git/config"), text);
const read = async () => [...(await readTree(directory)).files.keys()];

beforeEach(async () => {
  directory = await directoryWith({
    ".gitignore": "*.tmp\n",
    [`${app}/a.yaml`]: "a: 1\n",
    [`${app}/b.tmp`]: "",
  });
  const outside = await directoryWith({ "program.sh": "" });
  program = join(outside, "program.sh");
  marker = join(outside, "ran");
  await writeFile(program, `#!/bin/sh\necho ran >> '${marker}'\n`);
  await chmod(program, 0o755);
  await git("init", "--quiet");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "first");
});

describe("a checkout of anybody's", () => {
  it.each<[string, () => Promise<unknown>]>([
    ["a file system monitor", () => configure(`[core]\n\tfsmonitor = ${program}\n`)],
    [
      "an included file",
      async () => {
        await writeFile(join(dirname(program), "more"), `[core]\n\tfsmonitor = ${program}\n`);
        await configure(`[include]\n\tpath = ${join(dirname(program), "more")}\n`);
      },
    ],
    [
      "a filter",
      async () => {
        await writeFile(join(directory, ".gitattributes"), "* filter=own\n");
        await configure(
          `[filter "own"]\n\tclean = ${program}\n\tsmudge = ${program}\n\tprocess = ${program}\n`,
        );
        await writeFile(join(directory, app, "a.yaml"), "a: 2\n");
      },
    ],
    [
      "hooks",
      async () => {
        await configure(`[core]\n\thooksPath = ${dirname(program)}\n`);
        await Promise.all(
          ["post-index-change", "reference-transaction", "post-checkout"].map((name) =>
            symlink(program, join(dirname(program), name)),
          ),
        );
      },
    ],
    [
      "a place to fetch missing objects from",
      async () => {
        await configure(
          `[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\tpromisor = true\n\turl = ext::${program}\n[protocol "ext"]\n\tallow = always\n`,
        );
        await git("update-index", "--skip-worktree", ".gitignore");
        await rm(join(directory, ".gitignore"));
        await rm(join(directory, ".git/objects"), { recursive: true });
        await mkdir(join(directory, ".git/objects"));
      },
    ],
  ])("may name %s as its program, which is not run", async (_, name) => {
    await name();
    expect(await read()).toContain(`${app}/a.yaml`);
    expect(existsSync(marker)).toBe(false);
  });

  it("cannot say that its working tree is elsewhere", async () => {
    const elsewhere = await directoryWith({ [`${app}/elsewhere.yaml`]: "a: 1\n" });
    await configure(`[core]\n\tworktree = ${elsewhere}\n`);
    expect(await read()).toEqual([`${app}/a.yaml`]);
  });

  it("may leave out by a pattern that is tried without end, and is told so", async () => {
    await writeFile(join(directory, ".gitignore"), `${"**/".repeat(30)}x\n`);
    const deep = join(directory, app, ...Array<string>(16).fill("a"));
    await mkdir(deep, { recursive: true });
    await writeFile(join(deep, "b.yaml"), "a: 1\n");
    await expect(listFiles(directory, 500)).rejects.toMatchObject({
      code: "usage",
      message: `git does not come to an end in ${directory}`,
      remedy: expect.stringContaining(".gitignore"),
    });
    await expect(listFiles(join(directory, app), 500)).rejects.toMatchObject({ code: "usage" });
  });

  it("keeps its own list of what to leave out", async () => {
    await writeFile(join(directory, ".git/info/exclude"), "private.yaml\n");
    await writeFile(join(directory, app, "private.yaml"), "a: 1\n");
    expect(await read()).toEqual([`${app}/a.yaml`]);
  });

  it("publishes no file that an index names behind a symbolic link", async () => {
    const elsewhere = await directoryWith({ "secret.yaml": "password: of this machine\n" });
    await writeFile(join(directory, "placeholder"), "");
    const { stdout: id } = await git("hash-object", "-w", "placeholder");
    await git("update-index", "--add", "--cacheinfo", `100644,${id},${app}/linked/secret.yaml`);
    await symlink(elsewhere, join(directory, app, "linked"));
    const { files } = await readTree(directory);
    expect([...files.keys()]).not.toContain(`${app}/linked/secret.yaml`);
    expect([...files.values()].map(({ content }) => content.toString()).join()).not.toContain(
      "of this machine",
    );
  });
});

describe("the index", () => {
  it.each<[string, () => Promise<unknown>]>([
    ["split", () => git("update-index", "--split-index")],
    [
      "with a monitor's and a cache's extension",
      async () => {
        await git("config", "core.fsmonitor", program);
        await git("update-index", "--fsmonitor", "--force-untracked-cache");
        await rm(marker, { force: true });
      },
    ],
    ["sparse", () => git("sparse-checkout", "set", "--cone", "--sparse-index", app)],
    [
      "of a repository with SHA-256",
      async () => {
        await rm(join(directory, ".git"), { recursive: true });
        await git("init", "--quiet", "--object-format=sha256");
        await git("add", "--all");
      },
    ],
    ["not there", () => rm(join(directory, ".git/index"))],
  ])("may be %s", async (_, change) => {
    await mkdir(join(directory, "other"), { recursive: true });
    await writeFile(join(directory, "other/file"), "x\n");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "second");
    await change();
    expect(await read()).toEqual([`${app}/a.yaml`]);
    expect(existsSync(marker)).toBe(false);
  });

  it("lists a tracked file although it is ignored", async () => {
    await git("add", "--force", `${app}/b.tmp`);
    expect(await read()).toEqual([`${app}/a.yaml`, `${app}/b.tmp`]);
  });

  it("is that of a worktree, too", async () => {
    const other = join(await directoryWith({ x: "" }), "worktree");
    await git("worktree", "add", "--quiet", other);
    await writeFile(join(directory, ".git/info/exclude"), "private.yaml\n");
    await writeFile(join(other, app, "private.yaml"), "a: 1\n");
    expect([...(await readTree(other)).files.keys()]).toEqual([`${app}/a.yaml`]);
  });

  it("is left as it is", async () => {
    const before = await readFile(join(directory, ".git/index"));
    await read();
    expect(await readFile(join(directory, ".git/index"))).toEqual(before);
  });

  it("that cannot be read is told", async () => {
    await writeFile(join(directory, ".git/index"), "nonsense");
    await expect(readTree(directory)).rejects.toMatchObject({
      code: "usage",
      message: `git cannot list the files of ${directory}`,
      details: expect.stringContaining("index file"),
    });
  });
});
