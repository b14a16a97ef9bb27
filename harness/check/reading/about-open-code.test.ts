import { expect, it } from "vitest";
import type { OwnedObject, RenderedHome } from "../../home/index.ts";
import type { KubeObject, RenderedKustomization } from "../../rendering/index.ts";
import { ofOthers } from "./about-open-code.ts";

const object = (kind: string, name: string, namespace?: string): KubeObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});

/** Names of the objects that are another application's. */
function others(objects: KubeObject[]): string[] {
  const owner = { namespace: "flux-system", name: "apps" };
  const kustomization = { ...owner, objects: objects.map((one) => ({ object: one, by: {} })) };
  const home = {
    rendered: { kustomizations: [kustomization] },
    workspaces: [{ namespace: "ai", kustomization: owner }],
  } as unknown as RenderedHome;
  const isOfAnother = ofOthers(home);
  return objects
    .filter((one) =>
      isOfAnother({ object: one, owner: kustomization as RenderedKustomization } as OwnedObject),
    )
    .map(({ metadata }) => metadata.name);
}

it("tells the objects of other applications from those of OpenCode where one Kustomization applies all", () => {
  expect(
    others([
      object("Deployment", "opencode", "ai"),
      object("Service", "helper", "ai"),
      object("Namespace", "ai"),
      object("Deployment", "chess", "games"),
      object("Service", "chess-web", "games"),
      object("Namespace", "games"),
      object("HTTPRoute", "opencode-login", "auth"),
    ]),
  ).toEqual(["chess", "chess-web", "games"]);
});

it("takes all for OpenCode's where the Kustomization runs nothing else", () => {
  expect(
    others([object("Deployment", "opencode", "ai"), object("Certificate", "wildcard", "network")]),
  ).toEqual([]);
});
