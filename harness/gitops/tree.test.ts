import { describe, expect, it } from "vitest";
import { Tree } from "./tree.ts";

// biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
const variable = "${APP}";

const helmRelease = `---
# a comment
kind: HelmRelease
metadata:
  name: &app opencode-flux
spec:
  name: *app
  script: |
    set -eu
    echo "a line that is long enough to be folded by a writer of YAML that folds at eighty columns"
`;

const tree = () =>
  Tree.of([
    ["app/helmrelease.yaml", helmRelease],
    [
      "other/pvc.yaml",
      `kind: PersistentVolumeClaim\nmetadata: {name: "${variable}"}\n---\nkind: Other\nmetadata: {name: b}\n`,
    ],
    ["README.md", "kind: HelmRelease"],
  ]);

describe("an edit of an object", () => {
  it("finds it by kind and name in any file, and leaves the rest of the file as it is", () => {
    const edited = tree();
    edited.editObject({ kind: "PersistentVolumeClaim", name: variable }, (claim) => {
      claim.spec = { accessModes: ["ReadWriteOnce"] };
    });
    expect(edited.objects().map(({ object }) => object)).toEqual([
      expect.objectContaining({ kind: "HelmRelease" }),
      {
        kind: "PersistentVolumeClaim",
        metadata: { name: variable },
        spec: { accessModes: ["ReadWriteOnce"] },
      },
      { kind: "Other", metadata: { name: "b" } },
    ]);
  });

  it("resolves anchors and keeps scripts as they are", () => {
    const edited = tree();
    const before = edited.objects("HelmRelease")[0]?.object.spec;
    edited.editObject({ kind: "HelmRelease", name: "opencode-flux" }, (release) => {
      release.extra = true;
    });
    expect(edited.objects("HelmRelease")[0]?.object.spec).toEqual(before);
  });

  it("fails when there is no such object, more than one, or nothing changes", () => {
    const twice = tree();
    twice.add("copy.yaml", helmRelease);
    const release = { kind: "HelmRelease", name: "opencode-flux" };
    expect(() => tree().editObject({ kind: "HelmRelease", name: "nobody" }, () => {})).toThrow(
      /no file of the tree/,
    );
    expect(() => twice.editObject(release, () => {})).toThrow(/2 times/);
    expect(() => tree().editObject(release, () => {})).toThrow(/changes nothing/);
  });
});

describe("an edit of a text", () => {
  it("replaces every occurrence", () => {
    const edited = tree();
    edited.replaceText("app/helmrelease.yaml", "opencode-flux", "renamed");
    expect(edited.objects("HelmRelease")[0]?.object.spec).toMatchObject({ name: "renamed" });
  });

  it("fails when the file or the text is not there", () => {
    expect(() => tree().replaceText("app/helmrelease.yaml", "nowhere", "x")).toThrow(/does not contain/);
    expect(() => tree().replaceText("nowhere.yaml", "a", "b")).toThrow(/no file nowhere.yaml/);
  });
});

it("takes no edit of its copy", () => {
  const original = tree();
  const copy = original.copy();
  copy.remove("README.md");
  expect(() => copy.remove("README.md")).toThrow(/no file/);
  expect(() => copy.add("app/helmrelease.yaml", "")).toThrow(/there already/);
  expect(original.files.size).toBe(3);
});
