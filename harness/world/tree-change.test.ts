import { describe, expect, it } from "vitest";
import { Tree } from "../gitops/index.ts";
import type { KubeObject, RenderedTree } from "../rendering/index.ts";
import { unlike } from "./foundation.ts";
import { changeOf } from "./tree-change.ts";

type Spec = Record<string, unknown>;
const object = (kind: string, spec: Spec, name = "app"): KubeObject => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name, namespace: "ai" },
  spec,
});
const pod = (spec: Spec) => ({ template: { spec } });

/** A home in which one Kustomization applies these objects. */
function home(objects: KubeObject[], { files = { "a.yaml": "1" }, own = {} as Spec } = {}) {
  const rendered = {
    kustomizations: [
      {
        namespace: "flux-system",
        name: "app",
        path: "",
        object: object("Kustomization", own),
        objects: objects.map((one) => ({ object: one, by: {} })),
      },
    ],
    releases: [
      { namespace: "ai", name: "app", kustomization: { namespace: "a", name: "b" }, isRendered: true },
    ],
    problems: [],
  } as unknown as RenderedTree;
  return { tree: Tree.of(Object.entries(files)), rendered };
}

const before = home([
  object("Deployment", pod({ containers: [{ image: "a" }], initContainers: [{ image: "a" }] })),
]);
const needsOf = (after: ReturnType<typeof home>, others: string[] = []) => changeOf(before, after, others);

describe("what a changed tree needs of the world", () => {
  it("is publishing where what runs shows the change", () => {
    const after = home(
      [object("Deployment", pod({ containers: [{ image: "b" }], initContainers: [{ image: "a" }] }))],
      { files: { "a.yaml": "2" } },
    );
    const told = { isToldByFlux: true, isAppliedAlike: false };
    expect(needsOf(after)).toEqual({ files: ["a.yaml"], needs: "publishing", ...told });
  });

  it.each([
    ["is applied as before where only manifests differ by what nobody applies", "a.yaml", true],
    [
      "may be otherwise where a document or a script differs, which scenarios carry out",
      "node-lost.md",
      false,
    ],
  ])("%s", (_what, file, isAppliedAlike) => {
    const objects = [object("Service", {})];
    const [old, young] = ["1", "2"].map((text) => home(objects, { files: { [file]: text } as never }));
    const change = changeOf(old as never, young as never, []);
    expect(change).toMatchObject({ files: [file], needs: "publishing", isAppliedAlike });
  });

  it("is putting back where an init container changes, whose clone is there already", () => {
    const after = home([
      object("Deployment", pod({ containers: [{ image: "a" }], initContainers: [{ image: "b" }] })),
    ]);
    expect(needsOf(after)).toMatchObject({
      needs: "putting back",
      why: "Deployment ai/app has other init containers",
    });
  });

  it.each([
    ["a claim", "PersistentVolumeClaim", "has changed, and what it was before would hide that"],
    ["a Secret's recipe", "ExternalSecret", "has changed, and what it was before would hide that"],
  ])("is putting back where %s changes", (_what, kind, why) => {
    const [old, young] = [home([object(kind, { a: 1 })]), home([object(kind, { a: 2 })])];
    expect(changeOf(old, young, [])).toMatchObject({ needs: "putting back", why: `${kind} ai/app ${why}` });
  });

  it("is putting back where objects come or go", () => {
    const two = home([object("Service", {}), object("Service", {}, "other")]);
    const one = home([object("Service", {})]);
    expect(changeOf(two, one, [])).toMatchObject({ why: "Service ai/other is gone" });
    expect(changeOf(one, two, [])).toMatchObject({ why: "Service ai/other is new" });
  });

  it("is putting back, and nothing that Flux says before, where a Kustomization of Flux changes", () => {
    const after = home([], { own: { prune: true } });
    expect(changeOf(home([]), after, [])).toMatchObject({ needs: "putting back", isToldByFlux: false });
  });

  it("is a new world where it was built for something else", () => {
    expect(needsOf(before, ["the gateways", "the domains"])).toEqual({
      files: [],
      needs: "a new world",
      why: "the gateways and the domains changed",
      isToldByFlux: true,
      isAppliedAlike: false,
    });
  });
});

it("names the parts of a foundation that differ, a part that is new included", () => {
  expect(unlike({ gateways: "a", images: "b" }, { gateways: "a", images: "c", domains: "d" })).toEqual([
    "images",
    "domains",
  ]);
});
