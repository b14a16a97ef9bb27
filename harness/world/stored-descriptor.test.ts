import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { WorldDescriptor } from "./descriptor.ts";
import { readDescriptor, storeDescriptor } from "./stored-descriptor.ts";

const descriptor: WorldDescriptor = {
  runId: "run",
  kubeconfigFile: "/run/kubeconfig",
  caFile: "/run/ca.pem",
  treeFile: "/run/tree.json",
  nodes: [{ name: "server", role: "server", containerId: "1" }],
  gateway: { host: "127.0.0.1", httpsPort: 443, httpPort: 80 },
  control: { github: "http://a", doppler: "http://b", copilot: "http://c", dns: "http://d" },
  controlTokenFile: "/run/control",
  githubUrl: "https://127.0.0.1:1",
  repository: "owner/home",
  flux: { source: { namespace: "flux-system", name: "home" }, parents: [] },
  workspaces: [],
  gitTokenFile: "/run/token",
  publicValues: ["main"],
  secretsFile: "/run/secrets",
  objectStoreId: "2",
  browserImage: "browser",
  operatorImage: "operator",
};

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "stored-descriptor-"));
});
afterEach(() => rm(dir, { recursive: true }));

it("comes back as it was when the world was kept last", async () => {
  await storeDescriptor(dir, { ...descriptor, publicValues: [] });
  await storeDescriptor(dir, descriptor);
  expect(await readDescriptor(dir)).toEqual(descriptor);
});

it("is refused where another version has left it, or none has", async () => {
  await expect(readDescriptor(dir)).rejects.toThrow("another version");
  await writeFile(join(dir, "world.json"), '{"runId":"run"}');
  await expect(readDescriptor(dir)).rejects.toThrow("another version");
});
