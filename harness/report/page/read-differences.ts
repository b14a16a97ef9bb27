import { join } from "node:path";
import { z } from "zod";
import { readJson } from "./read-json.ts";
import type { RunPageData } from "./run-page-data.ts";

const text = z.string();
const named = z.object({
  name: text,
  workload: z.object({ name: text }),
  hosts: z.array(z.object({ hostname: text })),
});
const lines = z.array(text);
const twins = z.array(
  z.object({
    workspace: named,
    twin: text,
    differences: z.array(
      z.object({
        kind: text,
        name: text,
        file: text.exactOptional(),
        of: z.enum(["both", "workspace", "twin"]),
        lines,
      }),
    ),
  }),
);
const change = z.object({
  base: z.object({ ref: text, commit: text, isMergeBase: z.boolean() }),
  files: z.array(z.object({ path: text, what: z.enum(["added", "removed", "changed"]), lines })),
});
const world = z.object({ workspaces: z.array(named) });

/** What the tree's workspaces are, and what differs: between them, and from what the tree is to be merged into. */
export async function readDifferences(
  directory: string,
): Promise<Pick<RunPageData, "workspaces" | "twins" | "change">> {
  const [descriptor, pairs, changed] = await Promise.all([
    readJson(join(directory, "world.json"), world),
    readJson(join(directory, "twins.json"), twins),
    readJson(join(directory, "change.json"), change),
  ]);
  // Without a world the twins say who is there.
  const workspaces = descriptor?.workspaces ?? pairs?.map(({ workspace }) => workspace) ?? [];
  return { workspaces, twins: pairs ?? [], change: changed };
}
