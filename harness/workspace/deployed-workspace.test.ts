import { expect, it } from "vitest";
import type { Cluster } from "../cluster/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { DeployedWorkspace } from "./deployed-workspace.ts";
import type { GatewayAccess } from "./gateway-request.ts";

const route = {
  metadata: { name: "open" },
  spec: { hostnames: ["open.home.example"], rules: [{ backendRefs: [{ name: "open" }] }] },
};
const cluster = { objects: { all: async () => [route] } } as unknown as Cluster;

it("is entered without a password where the tree gives it none", async () => {
  const { password: _none, ...facts } = testFacts("open");
  const workspace = new DeployedWorkspace(facts, cluster, {} as GatewayAccess);
  expect(await workspace.user()).toMatchObject({ password: "", api: { hostname: "open.home.example" } });
});
