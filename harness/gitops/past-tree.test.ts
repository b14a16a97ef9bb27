import { existsSync } from "node:fs";
import { appendFile, chmod, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { beforeEach, describe, expect, it } from "vitest";
import { readTreeAt } from "./past-tree.ts";
import { directoryWith } from "./test-directory.ts";

const file = "kubernetes/apps/opencode/a.yaml";
let directory: string;
const git = (...args: string[]) =>
  execa("git", ["-C", directory, "-c", "user.name=A", "-c", "user.email=a@example.invalid", ...args]);
const commit = async (text: string, path = `home/${file}`) => {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), text);
  await git("add", "--all");
  await git("commit", "--quiet", "--message", text.trim());
};
const textAt = async (ref: string) => (await readTreeAt(join(directory, "home"), ref)).tree.text(file);

/** A file's text, or a tree's entries. */
type Made = string | [mode: string, name: string, content: Made][];

/** Writes the object without git's own judgement, as whoever has one to send can; returns its id. */
async function objectOf(made: Made): Promise<string> {
  const isFile = typeof made === "string";
  const entries = isFile
    ? []
    : await Promise.all(
        made.map(async ([mode, name, content]) => [
          Buffer.from(`${mode} ${name}\0`),
          Buffer.from(await objectOf(content), "hex"),
        ]),
      );
  const input = isFile ? Buffer.from(made) : Buffer.concat(entries.flat());
  const type = isFile ? "blob" : "tree";
  const args = ["-C", directory, "hash-object", "-t", type, "-w", "--literally", "--stdin"];
  return (await execa("git", args, { input })).stdout;
}

beforeEach(async () => {
  directory = await directoryWith({ "README.md": "a home\n" });
  await git("init", "--quiet", "--initial-branch=main");
  await commit("a: 1\n");
  await git("tag", "first");
  await commit("a: 2\n");
});

describe("the tree of a commit", () => {
  it("is that of a branch, a tag, an id or a relation", async () => {
    expect(await textAt("first")).toBe("a: 1\n");
    expect(await textAt("main")).toBe("a: 2\n");
    expect(await textAt("HEAD~1")).toBe("a: 1\n");
    expect(await textAt((await git("rev-parse", "first")).stdout)).toBe("a: 1\n");
    expect([...(await readTreeAt(join(directory, "home"), "main")).tree.files.keys()]).toEqual([file]);
  });

  it("is found with packed refs and packed objects, and from a worktree", async () => {
    await git("gc", "--quiet");
    expect(await textAt("first")).toBe("a: 1\n");
    const other = join(await directoryWith({ x: "" }), "worktree");
    await git("worktree", "add", "--quiet", other);
    expect((await readTreeAt(join(other, "home"), "main")).tree.text(file)).toBe("a: 2\n");
  });

  it("is that of the commit where both part, when the ref has gone on", async () => {
    await git("checkout", "--quiet", "-b", "change");
    await commit("b: 1\n", "home/kubernetes/apps/opencode/b.yaml");
    await git("checkout", "--quiet", "main");
    await commit("a: 3\n");
    await git("checkout", "--quiet", "change");
    const { tree, isMergeBase } = await readTreeAt(join(directory, "home"), "main");
    expect(tree.text(file)).toBe("a: 2\n");
    expect(isMergeBase).toBe(true);
  });

  it.each<[string, [mode: string, name: string, content: Made][]]>([
    ["leads out of it", [["40000", "..", [["100644", "written", "x"]]]]],
    ["leads into the repository", [["40000", ".git", [["100644", "config", "x"]]]]],
    [
      "stands behind a link",
      [
        ["120000", "a", "/tmp"],
        ["40000", "a", [["100644", "written", "x"]]],
      ],
    ],
  ])("has no file that %s", async (_, entries) => {
    const root: Made = [["40000", "home", [["40000", "kubernetes", entries]]]];
    const { stdout: made } = await git("commit-tree", "-m", "odd", "-p", "main", await objectOf(root));
    await git("update-ref", "refs/heads/main", made);
    await expect(readTreeAt(join(directory, "home"), "main")).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("which is in no tree"),
    });
  });

  it("has links as links, programs as programs, and nothing of submodules", async () => {
    await symlink("a.yaml", join(directory, "home", dirname(file), "link.yaml"));
    await writeFile(join(directory, "home", dirname(file), "run.sh"), "#!/bin/sh\n");
    await chmod(join(directory, "home", dirname(file), "run.sh"), 0o755);
    await commit("a: 4\n");
    const { tree } = await readTreeAt(join(directory, "home"), "HEAD");
    const modes = Object.fromEntries(
      [...tree.files].map(([path, { mode }]) => [path.split("/").at(-1), mode]),
    );
    expect(modes).toEqual({ "a.yaml": "100644", "link.yaml": "120000", "run.sh": "100755" });
  });

  it("says so where there is none: of that name, or no repository at all", async () => {
    await expect(textAt("no-such")).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(/^no-such names no commit/),
    });
    await expect(textAt("--all")).rejects.toMatchObject({ code: "usage" });
    await expect(readTreeAt(await directoryWith({ [file]: "a: 1\n" }), "main")).rejects.toMatchObject({
      code: "usage",
    });
  });
});

describe("a checkout of anybody's", () => {
  it("may name programs, which are not run", async () => {
    const outside = await directoryWith({ "program.sh": "" });
    const [program, marker] = [join(outside, "program.sh"), join(outside, "ran")];
    await writeFile(program, `#!/bin/sh\necho ran >> '${marker}'\n`);
    await chmod(program, 0o755);
    await writeFile(join(directory, "home/.gitattributes"), "* filter=own diff=own\n");
    await commit("a: 5\n");
    await appendFile(
      join(directory, ".git/config"),
      `[core]\n\tfsmonitor = ${program}\n\thooksPath = ${outside}\n\tpager = ${program}\n[filter "own"]\n\tclean = ${program}\n\tsmudge = ${program}\n[diff "own"]\n\ttextconv = ${program}\n[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\tpromisor = true\n\turl = ext::${program}\n[protocol "ext"]\n\tallow = always\n[alias]\n\tls-tree = !${program}\n`,
    );
    expect(await textAt("main")).toBe("a: 5\n");
    await rm(join(directory, ".git/objects"), { recursive: true });
    await mkdir(join(directory, ".git/objects"));
    await expect(textAt("main")).rejects.toMatchObject({ code: "usage" });
    expect(existsSync(marker)).toBe(false);
  });

  it("cannot replace what a commit has, or lead out of its own refs", async () => {
    const { stdout: now } = await git("rev-parse", "main");
    const { stdout: before } = await git("rev-parse", "first");
    await git("replace", now, before);
    expect(await textAt("main")).toBe("a: 2\n");
    const outside = await directoryWith({ ref: `${before}\n` });
    await symlink(join(outside, "ref"), join(directory, ".git/refs/heads/elsewhere"));
    await expect(textAt("elsewhere")).rejects.toMatchObject({ code: "usage" });
  });

  it("is left as it is", async () => {
    const before = (await git("count-objects", "-v")).stdout;
    await textAt("first");
    expect((await git("count-objects", "-v")).stdout).toBe(before);
    expect((await git("status", "--porcelain")).stdout).toBe("");
  });
});
