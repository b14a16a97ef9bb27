import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Tree } from "../gitops/index.ts";
import { BuildDirectories } from "./build-directories.ts";
import { confined, confinedTree } from "./confined.ts";

/** A file of this machine. */
let secret: string;
beforeEach(async () => {
  const directory = await mkdtemp(join(tmpdir(), "of-this-machine-"));
  secret = join(directory, "secret.yaml");
  await writeFile(
    secret,
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: leaked}\ndata: {key: of-this-machine}\n",
  );
});
afterEach(() => rm(join(secret, ".."), { recursive: true }));

const kustomization = (fields: object) => JSON.stringify({ kind: "Kustomization", ...fields });

async function built(
  tree: Record<string, string>,
  fields: object,
  path = "app/kustomization.yaml",
): Promise<string> {
  const text = kustomization(fields);
  await using directories = await BuildDirectories.of(Tree.of(Object.entries({ [path]: text, ...tree })));
  const result = await directories.build({ path, text, unknownFields: [] });
  return "text" in result ? result.text : result.failure;
}

describe("what a tree can have rendered", () => {
  it.each<[string, (secret: string) => [Record<string, string>, object]]>([
    ["a resource", (file) => [{}, { resources: [file] }]],
    [
      "a file of a generated ConfigMap",
      (file) => [{}, { configMapGenerator: [{ name: "x", files: [`key=${file}`] }] }],
    ],
    [
      "variables of this process",
      () => [{}, { secretGenerator: [{ name: "x", files: ["/proc/self/environ"] }] }],
    ],
    ["a patch", (file) => [{}, { patches: [{ path: file, target: { kind: "ConfigMap" } }] }]],
    [
      "a base's resource",
      (file) => [
        { "base/kustomization.yaml": kustomization({ resources: [file] }) },
        { resources: ["../base"] },
      ],
    ],
    [
      "what a generator names",
      (file) => [
        {
          "app/generator.yaml": `apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: x}\nname: x\nfiles: ["${file}"]\n`,
        },
        { generators: ["generator.yaml"] },
      ],
    ],
    [
      "what a path with dots leads to",
      (file) => [{}, { resources: [`${"../".repeat(30)}${file.slice(1)}`] }],
    ],
  ])("is not %s of this machine", async (_, make) => {
    const [tree, fields] = make(secret);
    process.env.CI_SECRET = "of-this-machine";
    const told = await built(tree, fields).finally(() => delete process.env.CI_SECRET);
    expect(told).not.toMatch(/of-this-machine(?!-)/);
    expect(told).toContain("outside-of-the-repository");
  });

  it("is all that it has itself, also above the directory", async () => {
    const map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own}\n";
    const told = await built(
      { "shared/map.yaml": map, "shared/text": "x", "other/kustomization.yaml": kustomization({}) },
      {
        resources: ["../shared/map.yaml"],
        configMapGenerator: [{ name: "g", files: ["../shared/text", "a=../shared/text"] }],
      },
    );
    expect(told).toContain("name: own");
    expect(told).toContain("a: x");
  });
});

describe("a tree that names nothing outside", () => {
  it("stays as it is, byte for byte", () => {
    const tree = Tree.of([
      ["app/kustomization.yaml", "# ours\nresources: [./a.yaml, ../base, https://example.org/x]\n"],
    ]);
    expect(confinedTree(tree)).toBe(tree);
  });

  it("may have paths in patches, literals and selectors", () => {
    const value = {
      patches: [{ patch: "- op: add\n  path: /spec/x\n", target: { name: "/x" } }],
      configMapGenerator: [{ literals: ["path=/data"] }],
      commonAnnotations: { where: "/etc" },
    };
    expect(confined("app/kustomization.yaml", value)).toEqual(value);
  });
});
