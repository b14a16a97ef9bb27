import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Tree, type TreeFile } from "../gitops/index.ts";
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

/** Texts as files, and what a link leads to as `{ link }`. */
type Files = Record<string, string | { link: string }>;

function treeOf(files: Files): Tree {
  const made = Object.entries(files).map(([path, file]): [string, TreeFile] => [
    path,
    typeof file === "string"
      ? { mode: "100644", content: Buffer.from(file) }
      : { mode: "120000", content: Buffer.from(file.link) },
  ]);
  return new Tree(made);
}

async function built(tree: Files, fields: object, path = "app/kustomization.yaml"): Promise<string> {
  const text = kustomization(fields);
  await using directories = await BuildDirectories.of(treeOf({ [path]: text, ...tree }));
  const result = await directories.build({ path, text, unknownFields: [] });
  return "text" in result ? result.text : result.failure;
}

const generator = (file: string) =>
  `apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: x}\nname: x\nfiles: ["${file}"]\n`;

/** A server of this machine that has what a tree would like to read. */
async function listening() {
  let asked = 0;
  const server = createServer((_, answer) => {
    asked += 1;
    answer.end("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: leaked}\n");
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked: () => asked,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

describe("what a tree can have rendered", () => {
  it.each<[string, (secret: string) => [Files, object]]>([
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
      "a file under a field in capitals, which kustomize takes for the same",
      (file) => [
        { "base/kustomization.yaml": kustomization({ Resources: [file] }) },
        { resources: ["../base"] },
      ],
    ],
    ["a file of a generator that stands in the list", (file) => [{}, { generators: [generator(file)] }]],
    [
      "a file of a generator that stands in the list in one line",
      (file) => [
        {},
        {
          generators: [
            `{apiVersion: builtin, kind: ConfigMapGenerator, metadata: {name: x}, files: ["${file}"]}`,
          ],
        },
      ],
    ],
    [
      "what a generator names that is one by an anchor",
      (file) => [
        { "app/generator.yaml": generator(file).replace("builtin", "&a builtin") },
        { generators: ["generator.yaml"] },
      ],
    ],
    [
      "what a generator names that patches make one",
      (file) => [
        {
          "app/made/generator.yaml": generator("x").replace("builtin", "v1"),
          "app/made/kustomization.yaml": kustomization({
            resources: ["generator.yaml"],
            patches: [
              {
                target: { kind: "ConfigMapGenerator" },
                patch: `[{"op":"replace","path":"/files/0","value":"${file}"},{"op":"replace","path":"/apiVersion","value":"builtin"}]`,
              },
            ],
          }),
        },
        { generators: ["made"] },
      ],
    ],
    [
      "what a generator of a directory names",
      (file) => [
        {
          "app/made/generator.yaml": generator(file),
          "app/made/kustomization.yaml": kustomization({ resources: ["generator.yaml"] }),
        },
        { generators: ["made"] },
      ],
    ],
    [
      "a generator that a directory lists from outside",
      (file) => [
        { "app/made/kustomization.yaml": kustomization({ resources: [file] }) },
        { generators: ["made"] },
      ],
    ],
    [
      "what a generator leads to from where it is used",
      (file) => [
        { [`app/${"deep/".repeat(20)}generator.yaml`]: generator(`${"../".repeat(21)}${file}`) },
        { generators: [`${"deep/".repeat(20)}generator.yaml`] },
      ],
    ],
    [
      "what an address that is none leads to",
      (file) => [{}, { configMapGenerator: [{ name: "x", files: [`k=a://${"../".repeat(20)}${file}`] }] }],
    ],
    [
      "what a path leads to once it is decrypted",
      (file) => [
        {
          "base/kustomization.yaml": kustomization({
            resources: [`ENC[AES256_GCM,${"a/".repeat(30)}a]/${"../".repeat(30)}${file}`],
          }),
        },
        { resources: ["../base"] },
      ],
    ],
    [
      "what stands behind an end of line that few readers know",
      (file) => [
        { "base/kustomization.yaml": `kind: Kustomization\n# \u2028resources: ["${file}"]\n` },
        { resources: ["../base"] },
      ],
    ],
    [
      "a file under a field with a long s, which Go takes for an s",
      (file) => [
        {
          "base/kustomization.yaml": kustomization({
            configMapGenerator: [{ name: "x", "file\u017f": [`key=${file}`] }],
          }),
        },
        { resources: ["../base"] },
      ],
    ],
    ...[
      ["before a document that cannot be read", "generators: [generator.yaml]\n---\na: [\n"],
      ["that stands there twice", "generators: [generator.yaml]\ngenerators: [generator.yaml]\n"],
      ["under a name with a long s", "generator\u017f: [generator.yaml]\n"],
    ].map(([where, text]): [string, (secret: string) => [Files, object]] => [
      `what a generator names, in a list ${where}`,
      (file) => [
        { "base/kustomization.yaml": text ?? "", "base/generator.yaml": generator(file) },
        { resources: ["../base"] },
      ],
    ]),
    [
      "what a generator names whose file is called as if SOPS had encrypted that",
      (file) => [
        {
          "app/kustomization.yaml": "generators: ['ENC[AES256_GCM,x].yaml']\n",
          "app/ENC[AES256_GCM,x].yaml": generator(file),
        },
        { generators: ["ENC[AES256_GCM,x].yaml"] },
      ],
    ],
    [
      "what stands in a file that is hard to read",
      (file) => [
        { "base/kustomization.yaml": `kind: Kustomization\nresources: []\nresources: ["${file}"]\n` },
        { resources: ["../base"] },
      ],
    ],
    [
      "what links lead to, each of which seems to stay inside",
      (file) => [
        {
          "a/b/c/d/e/f/g/h/i/j/k/l/up": { link: "../".repeat(11) },
          "app/link.yaml": { link: `../a/b/c/d/e/f/g/h/i/j/k/l/up/${"../".repeat(13)}${file}` },
        },
        { resources: ["link.yaml"] },
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
  });

  it.each([
    ["", ": "],
    ['"', ":"],
  ])("is not so much that nothing else has room, with keys in %j", async (quote, colon) => {
    const names = Array.from({ length: 30 }, (_, index) => `a${index}`);
    const entries = names.map(
      (name, index) =>
        `${quote}${name}${quote}${colon}&${name} [${index ? `*a${index - 1}, *a${index - 1}` : "x"}]`,
    );
    const map = `{apiVersion: v1, kind: ConfigMap, metadata: {name: own}, ${entries.join(",")}}\n`;
    const told = await built({ "app/map.yaml": map }, { resources: ["map.yaml"] });
    expect(told).toMatch(/map\.yaml.*unknown anchor 'excessive-aliases'/s);
  });

  it("is not what it cannot be seen to name, and that is told", async () => {
    const base = "resources: []\nresources: [a.yaml]\n";
    const told = await built({ "base/kustomization.yaml": base }, { resources: ["../base"] });
    expect(told).toContain("unknown anchor 'DUPLICATE_KEY-in-line-2'");
    expect(await built({ "app/plugin.yaml": "a: [" }, { generators: ["plugin.yaml"] })).toContain(
      "unreadable-as-a-plugin/plugin.yaml",
    );
  });

  it("is told by the name that was asked for", async () => {
    expect(await built({}, { resources: [secret] })).toContain(`outside-of-the-repository/${secret}`);
  });

  it.each([
    ["127.0.0.1", {}],
    ["localhost", {}],
    ["[::ffff:127.0.0.1]", {}],
    ["user@127.0.0.1", {}],
  ])("is nothing that a server of this machine has at %s", async (host) => {
    await using server = await listening();
    const told = await built({}, { resources: [`http://${host}:${server.port}/x.yaml`] });
    expect([server.asked(), told]).toEqual([0, expect.stringContaining("outside-of-the-repository")]);
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

it("a directory in the place of a kustomization file is told", async () => {
  await using directories = await BuildDirectories.of(treeOf({ "app/kustomization.yaml/x": "" }));
  const file = { path: "app/kustomization.yaml", text: kustomization({}), unknownFields: [] };
  expect(await directories.build(file)).toEqual({ failure: "app/kustomization.yaml is a directory" });
});

describe("a tree that names nothing outside", () => {
  it("says the same", () => {
    const fields =
      "resources: [./a.yaml, ../base, https://example.org/x]\ncommonLabels: {on: 'yes', n: yes}\n";
    const tree = Tree.of([
      ["app/kustomization.yaml", `# ours\n${fields}`],
      ["app/a.yaml", "# ours\n"],
    ]);
    expect([...confinedTree(tree).files].map(([path, { content }]) => [path, content.toString()])).toEqual([
      [
        "app/kustomization.yaml",
        '{"resources":["./a.yaml","../base","https://example.org/x"],"commonLabels":{"on":"yes","n":"yes"}}',
      ],
      ["app/a.yaml", "# ours\n"],
    ]);
  });

  it("may have generators, in the list and in files", async () => {
    const told = await built(
      { "app/generator.yaml": generator("text"), "app/text": "of a file", "app/other": "of the list" },
      { generators: ["generator.yaml", generator("other").replaceAll("name: x", "name: y")] },
    );
    expect(told).toContain("text: of a file");
    expect(told).toContain("other: of the list");
  });

  it("may have transformers in a directory, which may list others", async () => {
    const map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own}\n";
    const transformer = (kind: string, fields: object) =>
      JSON.stringify({ apiVersion: "builtin", kind, metadata: { name: kind }, ...fields });
    const told = await built(
      {
        "app/map.yaml": map,
        "app/made/kustomization.yaml": kustomization({ resources: ["./prefix.yaml", "./more/"] }),
        "app/made/prefix.yaml": transformer("PrefixTransformer", {
          prefix: "the-",
          fieldSpecs: [{ path: "metadata/name" }],
        }),
        "app/made/more/kustomization.yaml": kustomization({ resources: ["suffix.yaml"] }),
        "app/made/more/suffix.yaml": transformer("SuffixTransformer", {
          suffix: "-one",
          fieldSpecs: [{ path: "metadata/name" }],
        }),
      },
      { resources: ["map.yaml"], transformers: ["./made"] },
    );
    expect(told).toContain("name: the-own-one");
  });

  it("may have one transformer for the directories of many namespaces, each of which names its own", async () => {
    const tree = {
      "app/made/kustomization.yaml": kustomization({ namespace: "garden", resources: ["../../shared"] }),
      "shared/kustomization.yaml": kustomization({ resources: ["space.yaml"] }),
      "shared/space.yaml":
        "apiVersion: builtin\nkind: NamespaceTransformer\nmetadata: {name: x, namespace: .none}\nunsetOnly: false\nfieldSpecs: [{path: spec/targetNamespace, kind: ConfigMap, create: true}]\n",
      "app/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: soil}\n",
    };
    const text = await built(tree, { resources: ["map.yaml"], transformers: ["./made"] });
    expect(text).toMatch(/namespace: garden/);
    expect(text).toMatch(/targetNamespace: garden/);
  });

  it("may not have a directory of plugins that lists itself, or one file many times", async () => {
    const lists = (...resources: string[]) => ({
      "app/made/kustomization.yaml": kustomization({ resources }),
    });
    const generators = { generators: ["made"] };
    expect(await built(lists("../made"), generators)).toContain("unreadable-as-a-plugin/made");
    const twice = { ...lists("x.yaml", "x.yaml"), "app/made/x.yaml": generator("text"), "app/text": "" };
    expect(await built(twice, generators)).toContain("unreadable-as-a-plugin/made");
  });

  it("may have aliases", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `a${index}`);
    const lines = names.map((name) => `  ${name}: &${name} x\n  other-${name}: *${name}\n`);
    const map = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own}\ndata:\n${lines.join("")}`;
    expect(await built({ "app/map.yaml": map }, { resources: ["map.yaml"] })).toContain("other-a11: x");
  });

  it("may have a patch where others name a file", async () => {
    const map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own}\n";
    const told = await built(
      { "app/map.yaml": map },
      { resources: ["map.yaml"], patchesStrategicMerge: [`${map}data: {where: /etc}\n`] },
    );
    expect(told).toContain("where: /etc");
  });

  it("may have paths in patches, literals and selectors", () => {
    const value = {
      patches: [{ patch: "- op: add\n  path: /spec/x\n", target: { name: "/x" } }],
      configMapGenerator: [{ literals: ["path=/data"] }],
      commonAnnotations: { where: "/etc" },
    };
    expect(confined(Tree.of([]), "app/kustomization.yaml", value)).toEqual(value);
  });
});
