import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { removeControlGroups } from "./control-groups.ts";

it("removes a group from every tree, and no others", async () => {
  const root = await mkdtemp(join(tmpdir(), "groups-"));
  try {
    for (const path of ["memory/rehearsal/node/kubepods", "rehearsal/node", "cpu/docker/other"])
      await mkdir(join(root, path), { recursive: true });
    await removeControlGroups("rehearsal", root);
    expect((await readdir(root, { recursive: true })).sort()).toEqual([
      "cpu",
      "cpu/docker",
      "cpu/docker/other",
      "memory",
    ]);
  } finally {
    await rm(root, { recursive: true });
  }
});
