import { expect, it } from "vitest";
import type { RenderedTree } from "../rendering/index.ts";
import { externalDnsOf } from "./index.ts";

const release = (name: string, spec: object) => ({
  object: { kind: "HelmRelease", metadata: { name, namespace: "network" }, spec },
  by: {},
});
const rendered = (...objects: object[]) =>
  ({ kustomizations: [{ objects }], sources: [] }) as unknown as RenderedTree;

it("takes of several external-dns the one that publishes to the world, whatever its chart comes from", () => {
  const home = rendered(
    release("internal", {
      chart: { spec: { chart: "external-dns" } },
      values: { provider: { name: "webhook" }, annotationFilter: "inside=true" },
    }),
    release("cloudflare-dns", {
      chartRef: { kind: "OCIRepository", name: "external-dns" },
      values: {
        provider: "cloudflare",
        annotationFilter: "public=yes",
        extraArgs: { "gateway-name": "external" },
      },
    }),
  );
  expect(externalDnsOf(home)?.args).toEqual([
    "--source=service",
    "--source=ingress",
    "--policy=upsert-only",
    "--registry=txt",
    "--annotation-filter=public=yes",
    "--gateway-name=external",
  ]);
});

it("knows that a home has none", () => {
  expect(externalDnsOf(rendered(release("other", { chartRef: { name: "other" } })))).toBeUndefined();
});
