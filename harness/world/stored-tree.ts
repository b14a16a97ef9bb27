import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import { Tree } from "../gitops/index.ts";

const storedTree = z.record(
  z.string(),
  z.object({ mode: z.enum(["100644", "100755", "120000"]), content: z.base64() }),
);

/** Writes the tree as it was published, for the process that runs the steps and as evidence. */
export async function storeTree(file: string, tree: Tree): Promise<void> {
  const entries = [...tree.files].map(([path, { mode, content }]) => [
    path,
    { mode, content: content.toString("base64") },
  ]);
  await writeFile(file, JSON.stringify(Object.fromEntries(entries)));
}

export async function readStoredTree(file: string): Promise<Tree> {
  const stored = storedTree.parse(JSON.parse(await readFile(file, "utf8")));
  return new Tree(
    Object.entries(stored).map(([path, { mode, content }]) => [
      path,
      { mode, content: Buffer.from(content, "base64") },
    ]),
  );
}
