import { join } from "node:path";
import { expect, it } from "vitest";
import { nearestBases } from "./nearest-bases.ts";
import { directoryWith } from "./test-directory.ts";

const home = { "home/kubernetes/apps/a/a.yaml": "a: 1\n" };
const basesOf = async (files: Record<string, string>) =>
  nearestBases(join(await directoryWith({ ...home, ...files }), "home"));

it("are the remote's head and the branch there, and what was committed last", async () => {
  expect(await basesOf({ ".git/HEAD": "ref: refs/heads/more/opencode\n" })).toEqual([
    "origin/HEAD",
    "origin/more/opencode",
    "HEAD",
  ]);
});

it("have no branch where none is checked out, and are none without a repository", async () => {
  expect(await basesOf({ ".git/HEAD": `${"a".repeat(40)}\n` })).toEqual(["origin/HEAD", "HEAD"]);
  expect(await basesOf({})).toEqual([]);
});
