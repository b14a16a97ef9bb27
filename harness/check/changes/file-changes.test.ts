import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";
import { treeChange } from "./file-changes.ts";
import { maskedText } from "./masked-text.ts";

let directory: string;
const git = (...args: string[]) =>
  execa("git", ["-C", directory, "-c", "user.name=A", "-c", "user.email=a@example.invalid", ...args]);
const write = async (path: string, text: string | Buffer) => {
  const file = join(directory, "home/kubernetes/apps", path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
};
const commit = async () => {
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "more");
};
const changed = (base?: string) =>
  treeChange({ manifests: join(directory, "home"), base, names: ["atlas"], values: ["behind-sops"] });

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "file-changes-"));
  await git("init", "--quiet", "--initial-branch=main");
  await write("a/a.yaml", "a: 1\nb: 2\n");
  await write("atlas/gone.yaml", "a: 1\n");
  await commit();
});
afterEach(() => rm(directory, { recursive: true }));

it("tells what is not committed, the files of a workspace first", async () => {
  expect(await changed()).toBeUndefined();
  await write("a/a.yaml", "a: 1\nb: 3\n");
  await write("atlas/new.yaml", "c: 1\n");
  await rm(join(directory, "home/kubernetes/apps/atlas/gone.yaml"));
  const { base, files } = (await changed()) ?? {};
  expect(base).toMatchObject({ ref: "HEAD", isMergeBase: false });
  expect(files?.map(({ path, what }) => `${what} ${path}`)).toEqual([
    "removed kubernetes/apps/atlas/gone.yaml",
    "added kubernetes/apps/atlas/new.yaml",
    "changed kubernetes/apps/a/a.yaml",
  ]);
  expect(files?.at(-1)?.lines).toEqual(["@@ -1,2 +1,2 @@", " a: 1", "-b: 2", "+b: 3"]);
});

it("compares with where the remote's head and this branch part, or with what it is told", async () => {
  await git("update-ref", "refs/remotes/origin/main", "HEAD");
  await git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main");
  await git("tag", "first");
  await write("a/a.yaml", "a: 2\nb: 2\n");
  await commit();
  expect((await changed())?.base.ref).toBe("origin/HEAD");
  expect((await changed("first"))?.base.ref).toBe("first");
  expect((await changed("nothing-like-it"))?.base.ref).toBe("origin/HEAD");
});

it("is nothing without a repository, and has no lines of what is no text and of what has no room", async () => {
  await write("a/a.yaml", Array.from({ length: 3_000 }, (_, index) => `k${index}: 1`).join("\n"));
  await write("b/picture.png", Buffer.from([137, 0, 1]));
  await write("b/small.yaml", "a: 1\n");
  const lines = (await changed())?.files.map((one) => one.lines.length);
  expect(lines).toEqual([0, 0, 2]);
  await rm(join(directory, ".git"), { recursive: true });
  expect(await changed()).toBeUndefined();
});

it("shows no secret of a file: by its name, its kind, its shape, and by what stands behind SOPS", async () => {
  const secret = "kind: Secret\nstringData:\n  user: somebody\n  key: |\n    first line\n    second line\n";
  const env = `export API_TOKEN="hunter2" # mine\nADMIN_PASSWORD: $FROM_ELSEWHERE\nurl: https://behind-sops/\n`;
  const token = `- run: clone ghp_${"ab12".repeat(9)}\n`;
  const shown = await maskedText(`${secret}---\n${token}---\n${env}`, ["behind-sops"]);
  expect(shown).not.toMatch(/somebody|first line|second line|hunter2|ghp_|behind-sops/);
  expect(shown).toContain("ADMIN_PASSWORD: $FROM_ELSEWHERE");
  expect(shown).toMatch(/export API_TOKEN="\[redacted\]/);
});
