import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Tree } from "../gitops/index.ts";
import { findWorkspaces } from "../rendering/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { homeWith, objectsOf, rendered } from "../rendering/test-tree.ts";
import { neverReady } from "./failing-upgrade.ts";
import { takeOlderVersion } from "./other-version.ts";

const chart = `apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: app-template}
spec: {url: "oci://ghcr.io/bjw-s-labs/helm/app-template", ref: {tag: 4.4.0}}
`;
const paused = {
  kustomize: {
    patches: [{ target: { kind: "Deployment" }, patch: "- {op: add, path: /spec/paused, value: true}" }],
  },
};

function release(name: string, more: object): string {
  const image = { repository: "ghcr.io/anomalyco/opencode", tag: "1.18.34" };
  const app = { image, command: ["opencode", "web"] };
  const values = { controllers: { main: { containers: { app } } } };
  return JSON.stringify({
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name },
    spec: { chartRef: { kind: "OCIRepository", name: "app-template" }, values, ...more },
  });
}

/** Name, image and pause of the Deployments that Flux and Helm make of these releases once the first workspace is edited. */
async function madeOf(releases: Record<string, object>, edit = neverReady, ks: object = {}) {
  const files = Object.entries(releases).map(([name, more]) => [`${name}.yaml`, release(name, more)]);
  const tree = homeWith({ "chart.yaml": chart, ...Object.fromEntries(files) }, { ...ks });
  const [facts] = findWorkspaces(await rendered(tree));
  if (!facts) throw new Error("no workspace was found");
  const edited = tree.copy();
  edit(facts, edited);
  const after = await rendered(edited);
  expect(after.problems).toEqual([]);
  return objectsOf(after)
    .filter(({ kind }) => kind === "Deployment")
    .map(({ metadata, spec }) => {
      const { paused, template } = spec as {
        paused?: boolean;
        template: { spec: { containers: { image: string }[] } };
      };
      return [metadata.name, template.spec.containers[0]?.image.replace(/.*:/, ""), paused ?? false];
    });
}

it.each([
  ["an upgrade that is never Ready", neverReady, "0.0.0-never-published"],
  ["an older version", takeOlderVersion, expect.stringMatching(/^1\./)],
])("%s leaves a release the post-renderers that it has", async (_, edit, tag) => {
  expect(await madeOf({ coder: { postRenderers: [paused] } }, edit)).toEqual([["coder", tag, true]]);
});

describe("a post-renderer that is added", () => {
  const tag = "0.0.0-never-published";

  it("comes to a release that has none", async () => {
    expect(await madeOf({ coder: {} })).toEqual([["coder", tag, false]]);
  });

  it("comes last: what the release says of the image itself does not undo it", async () => {
    const own = { kustomize: { images: [{ name: "ghcr.io/anomalyco/opencode", newTag: "1.18.30" }] } };
    expect(await madeOf({ coder: { postRenderers: [own, paused] } })).toEqual([["coder", tag, true]]);
  });

  it("leaves other releases of the Kustomization alone", async () => {
    expect(await madeOf({ coder: { postRenderers: [paused] }, other: {} })).toEqual([
      ["coder", tag, true],
      ["other", "1.18.34", false],
    ]);
  });

  it("finds a release whose name is substituted", async () => {
    const releases = { "${APP}": { postRenderers: [paused] } };
    const ks = { postBuild: { substitute: { APP: "coder" } } };
    expect(await madeOf(releases, neverReady, ks)).toEqual([["coder", tag, true]]);
  });
});

it("an older version of a workload without a release leaves the images that its Kustomization has", () => {
  const { release: _, ...bare } = testFacts("opencode-flux");
  const own = { name: "docker.io/alpine/git", newTag: "v2" };
  const spec = { images: [own] };
  const ks = {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: bare.name },
    spec,
  };
  const tree = Tree.of([["ks.yaml", JSON.stringify(ks)]]);
  takeOlderVersion(bare, tree);
  expect(parse(tree.text("ks.yaml")).spec.images).toEqual([
    own,
    { name: "ghcr.io/anomalyco/opencode", newTag: expect.stringMatching(/^1\./) },
  ]);
});
