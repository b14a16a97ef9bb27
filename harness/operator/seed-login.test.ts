import { expect, it } from "vitest";
import { Tree } from "../gitops/index.ts";
import { scriptOf } from "./seed-login.ts";

const path = "scripts/seed-copilot-auth.sh";

it("runs the script of the tree, and without a word", async () => {
  const tree = Tree.of([[path, "#!/bin/sh\n"]]);
  const notes: string[] = [];
  expect(await scriptOf(tree, { note: (text) => notes.push(text) })).toBe("#!/bin/sh\n");
  expect(notes).toEqual([]);
});

it("says so when the tree has none and the harness's own is run", async () => {
  const notes: string[] = [];
  const script = await scriptOf(Tree.of([]), { note: (text) => notes.push(text) });
  expect(script).toMatch(/^#!/);
  expect(notes).toEqual([expect.stringContaining(`the tree has no ${path}: the harness runs its own`)]);
});
