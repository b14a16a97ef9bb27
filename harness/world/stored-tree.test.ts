import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { digest, Tree } from "../gitops/index.ts";
import { readStoredTree, storeTree } from "./stored-tree.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "stored-tree-"));
});
afterEach(() => rm(dir, { recursive: true }));

it("comes back byte for byte and with its modes, so that its digest is the same", async () => {
  const tree = new Tree([
    ["kubernetes/a.yaml", { mode: "100644", content: Buffer.from("kind: Größe\n") }],
    ["kubernetes/bin/run.sh", { mode: "100755", content: Buffer.from([0, 255, 10, 13]) }],
    ["kubernetes/link", { mode: "120000", content: Buffer.from("a.yaml") }],
    ["kubernetes/empty", { mode: "100644", content: Buffer.alloc(0) }],
  ]);
  await storeTree(join(dir, "tree.json"), tree);
  const back = await readStoredTree(join(dir, "tree.json"));
  expect([...back.files]).toEqual([...tree.files]);
  expect(await digest(back)).toBe(await digest(tree));
});

it("refuses a file that is no tree", async () => {
  await writeFile(join(dir, "tree.json"), '{"a.yaml":{"mode":"100664","content":""}}');
  await expect(readStoredTree(join(dir, "tree.json"))).rejects.toThrow("mode");
});
