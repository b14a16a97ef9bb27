import { mkdtemp, readFile, readlink, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Tree, type TreeFile } from "./tree.ts";

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

  it("writes only what it changes, as kustomize reads it", () => {
    const mode = "kind: ConfigMap\nmetadata: {name: scripts} # theirs\ndefaultMode: 0755\n";
    const edited = Tree.of([["configmap.yaml", mode]]);
    edited.editObject({ kind: "ConfigMap", name: "scripts" }, (scripts) => {
      expect(scripts.defaultMode).toBe(0o755);
      scripts.extra = true;
    });
    expect(edited.text("configmap.yaml")).toBe(`${mode}extra: true\n`);
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

it("is written as git checks it out", async () => {
  const dir = await mkdtemp(join(tmpdir(), "tree-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  const file = (mode: TreeFile["mode"], text: string): TreeFile => ({ mode, content: Buffer.from(text) });
  await new Tree([
    ["a/seed.sh", file("100755", "#!/bin/sh\n")],
    ["a/link", file("120000", "seed.sh")],
    ["b.yaml", file("100644", "a: 1\n")],
  ]).writeTo(dir);
  expect((await stat(join(dir, "a/seed.sh"))).mode & 0o100).toBe(0o100);
  expect(await readlink(join(dir, "a/link"))).toBe("seed.sh");
  expect(await readFile(join(dir, "b.yaml"), "utf8")).toBe("a: 1\n");
});
