import { expect, it } from "vitest";
import type { KubeObject, RenderedKustomization } from "../rendering/index.ts";
import { replacementsIn } from "./replacements.ts";
import { homeRules } from "./test-rules.ts";

it("leaves out what flux bootstrap has committed of Flux itself: it runs already", () => {
  const ofFlux = (apiVersion: string, kind: string, name: string): KubeObject => ({
    apiVersion,
    kind,
    metadata: { name, labels: { "app.kubernetes.io/part-of": "flux" } },
  });
  const objects = [
    ofFlux("apps/v1", "Deployment", "kustomize-controller"),
    ofFlux("apps/v1", "Deployment", "source-controller"),
    ofFlux("v1", "Namespace", "flux-system"),
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "cluster-settings" } },
  ].map((object) => ({ object, by: {} }));
  const rules = homeRules({ needs: { gateways: [], ofWorkspaces: [], ofHome: [] } });
  const { patches, replaced } = replacementsIn(
    { name: "flux-system", objects } as unknown as RenderedKustomization,
    rules,
  );
  expect(patches.map(({ target }) => target)).toEqual([
    { group: "apps", kind: "Deployment", name: "^(kustomize-controller|source-controller)$" },
    { kind: "Namespace", name: "^(flux-system)$" },
  ]);
  expect(replaced).toEqual([
    { what: "Flux's own controllers of Kustomization flux-system", how: "left out" },
  ]);
});
