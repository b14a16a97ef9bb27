import { expect, it } from "vitest";
import { testFacts } from "../rendering/test-facts.ts";
import { fakeBeside } from "../workspace/fake-beside.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { fillVolume } from "./full-volume.ts";

const directory = "/workspace/repository";

/** A workspace with one claim, whose volume is of this kind, and whose fill ends with these words. */
function workspaceOn(source: object, told: string) {
  const { pod, cluster, appContainer, asked } = fakeBeside(directory, () => told);
  const objects = {
    find: async ({ kind }: { kind: string }) =>
      kind === "PersistentVolume"
        ? { spec: source }
        : { metadata: { uid: "c" }, spec: { volumeName: "pv-1" } },
  };
  const workspace = {
    name: "opencode-flux",
    namespace: "opencode",
    facts: testFacts(),
    cluster: { ...cluster, objects },
    readyPod: async () => pod,
    appContainer,
    user: async () => ({ directory: async () => directory }),
  };
  return { workspace: workspace as unknown as DeployedWorkspace, asked };
}

it("takes all that is left, and gives it back", async () => {
  const words = "dd: error writing 'probe': No space left on device";
  const { workspace, asked } = workspaceOn({ csi: { driver: "rbd" } }, `${words}\n0+0 records in`);
  {
    await using full = await fillVolume(workspace);
    expect(full.refusal).toBe(words);
    expect(asked).toHaveLength(1);
  }
  expect(asked.at(-1)?.script).toMatch(/^rm -f /);
});

it("does not mind a volume on another machine", async () => {
  const { workspace } = workspaceOn({ nfs: { server: "nas" } }, "No space left on device");
  await using full = await fillVolume(workspace);
  expect(full.refusal).not.toBe("");
});

it("does not fill a node's own disk", async () => {
  const { workspace, asked } = workspaceOn({ local: { path: "/srv" } }, "");
  await expect(fillVolume(workspace)).rejects.toMatchObject({
    code: "failed",
    message: expect.stringContaining("has no volume with an end"),
  });
  expect(asked).toEqual([]);
});

it("gives back what it took of a volume that did not get full", async () => {
  const { workspace, asked } = workspaceOn({ csi: { driver: "rbd" } }, "1+0 records out");
  await expect(fillVolume(workspace)).rejects.toMatchObject({ code: "environment" });
  expect(asked.at(-1)?.script).toMatch(/^rm -f /);
});
