import { expect, it } from "vitest";
import type { WorldDescriptor } from "./descriptor.ts";
import { descriptor, kubeconfig } from "./test-world.ts";
import { World } from "./world.ts";

function worldIn(directory: string): World {
  const flux = { source: { namespace: "flux-system", name: "home" }, parents: [] };
  const inDirectory = { ...descriptor, runId: "run", treeFile: `${directory}/tree.json`, flux };
  const secrets = { kubeconfig, caPem: "", gitToken: "", controlToken: "" };
  return new World(inDirectory as unknown as WorldDescriptor, secrets);
}

it.each(["/results/20260101-0000-all-ab12", "/results/20260101-0000-all-ab12/world-2"])(
  "a world with its files in %s knows where those of the whole run are",
  (directory) => {
    const root = "/results/20260101-0000-all-ab12";
    expect(worldIn(directory).run).toEqual({ runId: "run", directory, root });
  },
);

it("a run that is named like a second world is none", () => {
  expect(worldIn("/results/my-world-2").run.root).toBe("/results/my-world-2");
});
