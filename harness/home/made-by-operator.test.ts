import { expect, it } from "vitest";
import type { RenderedTree, WorkspaceFacts } from "../rendering/index.ts";
import { refuseWhatOperatorMakes } from "./made-by-operator.ts";

const workspace = {
  name: "studio",
  namespace: "ai",
  workload: { kind: "Deployment", name: "studio" },
  claims: [{ name: "work" }],
  externalSecrets: [],
} as unknown as WorkspaceFacts;

const refuse = (kind: string, name: string, by: object) => () =>
  refuseWhatOperatorMakes(
    {
      kustomizations: [{ objects: [{ object: { kind, metadata: { name, namespace: "ai" } }, by }] }],
    } as unknown as RenderedTree,
    [workspace],
    { ofWorkspaces: [], ofHome: [], gateways: ["ai/front"] },
  );

it("refuses to run what a workspace stands on and a ResourceSet makes, and nothing else", () => {
  const by = { resourceSet: { namespace: "flux-system", name: "apps" } };
  expect(refuse("Gateway", "front", by)).toThrow(/Gateway front comes of ResourceSet flux-system\/apps/);
  expect(refuse("PersistentVolumeClaim", "work", by)).toThrow(/comes of ResourceSet/);
  expect(refuse("Deployment", "chess", by)).not.toThrow();
  expect(refuse("Deployment", "studio", {})).not.toThrow();
});
