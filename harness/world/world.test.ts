import { expect, it } from "vitest";
import type { WorldDescriptor } from "./descriptor.ts";
import { World } from "./world.ts";

const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{ name: a, cluster: { server: "https://127.0.0.1:1" } }]
users: [{ name: a, user: {} }]
contexts: [{ name: a, context: { cluster: a, user: a } }]
current-context: a
`;
const url = "https://127.0.0.1:1";

function worldIn(directory: string): World {
  const descriptor = {
    runId: "run",
    treeFile: `${directory}/tree.json`,
    nodes: [],
    gateway: { host: "127.0.0.1", httpsPort: 1, httpPort: 2 },
    control: { github: url, doppler: url, copilot: url, dns: url },
    flux: { source: { namespace: "flux-system", name: "home" }, parents: [] },
    workspaces: [],
  };
  const secrets = { kubeconfig, caPem: "", gitToken: "", controlToken: "" };
  return new World(descriptor as unknown as WorldDescriptor, secrets);
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
