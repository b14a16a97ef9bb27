import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { Tree } from "../gitops/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { lostVolumeDocument } from "./lost-volume-document.ts";

const facts = testFacts("opencode-ha");
const lostVolumePath = facts.volumeDocument ?? "";

const treeWith = (text?: string) => Tree.of(text === undefined ? [] : [[lostVolumePath, text]]);

it("reads the blocks of manifests/, the first of which asks for the workspace", async () => {
  const { blocks } = lostVolumeDocument(
    treeWith(readFileSync(join(checkoutDir, "manifests", lostVolumePath), "utf8")),
    { facts },
  );
  expect(blocks).toHaveLength(5);
  expect(blocks[0]?.command).toContain("${WORKSPACE:?");
  for (const { command } of blocks) await execa("bash", ["-n", "-c", command]);
});

it.each([
  [undefined, /nobody who loses a volume finds out how to get it back/],
  ["# Nothing\n", /has no block of commands/],
])("tells of a tree with %j", (text, message) => {
  expect(() => lostVolumeDocument(treeWith(text), { facts })).toThrow(message);
});
