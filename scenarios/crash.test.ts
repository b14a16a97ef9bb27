import { expect, it } from "vitest";
import type { World } from "../harness/index.ts";
import crash from "./crash.scenario.ts";

it("learns of a tree without the operator's document before a node dies", async () => {
  const first = { name: "opencode", facts: {} };
  const world = { first, tree: async () => ({ files: new Map() }) } as unknown as World;
  const context = { signal: new AbortController().signal } as never;
  await expect(crash.steps[0]?.run(world, context)).rejects.toThrow(
    "the tree has no document for opencode: nobody who loses its node finds out what to do",
  );
});
