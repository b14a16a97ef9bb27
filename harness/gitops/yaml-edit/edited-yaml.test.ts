import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { manifestYaml } from "../go-yaml.ts";
import { editedYaml } from "./edited-yaml.ts";

const manifest = `# of the whole file
kind: HelmRelease
metadata: { name: &app "garden", labels: {a: b} } # in braces
spec:
  # why it is so
  mode: 0755   # octal
  enabled: yes
  quoted: 'single'
  double: "x"
  empty:
  script: |
    set -eu
    echo one

    echo two
  list:
    - name: first # the first
      value: 1
    - name: second
      value: 2

    # the third
    - name: third
      value: 3
  app: *app
  plain: [a, b]

# at the end
`;

// biome-ignore lint/suspicious/noExplicitAny: an object of YAML, to be changed freely.
type Edit = (object: any) => void;

/** Lines that an edit takes out (-) and puts in (+). */
function changed(text: string, edit: Edit): string[] {
  const object = JSON.parse(JSON.stringify(parseDocument(text, manifestYaml).toJS()));
  edit(object);
  const [before, after] = [text.split("\n"), editedYaml(text, 0, object).split("\n")];
  let [head, tail] = [0, 0];
  while (before[head] !== undefined && before[head] === after[head]) head += 1;
  while (tail < Math.min(before.length, after.length) - head && before.at(-1 - tail) === after.at(-1 - tail))
    tail += 1;
  return [
    ...before.slice(head, before.length - tail).map((line) => `-${line}`),
    ...after.slice(head, after.length - tail).map((line) => `+${line}`),
  ];
}

const changes = (edit: Edit) => changed(manifest, edit);

it("leaves a text as it is that is wanted as it is", () => {
  expect(changes(() => {})).toEqual([]);
});

describe("a value that becomes another one", () => {
  it.each<[string, Edit, string, string]>([
    ["keeps its comment", ({ spec }) => (spec.mode = 420), "  mode: 0755   # octal", "  mode: 420   # octal"],
    ["keeps its quotes", ({ spec }) => (spec.quoted = "other"), "  quoted: 'single'", "  quoted: 'other'"],
    [
      "takes quotes where it needs them",
      ({ spec }) => (spec.enabled = "on"),
      "  enabled: yes",
      '  enabled: "on"',
    ],
    ["loses quotes with its type", ({ spec }) => (spec.double = 5), '  double: "x"', "  double: 5"],
    ["stands where nothing stood", ({ spec }) => (spec.empty = "x"), "  empty:", "  empty: x"],
    ["stays in its brackets", ({ spec }) => (spec.plain = ["a", "c"]), "  plain: [a, b]", "  plain: [a, c]"],
  ])("%s", (_what, edit, before, after) => {
    expect(changes(edit)).toEqual([`-${before}`, `+${after}`]);
  });

  it("stays a block of text", () => {
    const edit: Edit = ({ spec }) => (spec.script = "set -eu\necho three\n\necho two\n");
    expect(changes(edit)).toEqual(["-    echo one", "+    echo three"]);
  });

  it("becomes a collection at its indentation, and back", () => {
    expect(changes(({ spec }) => (spec.list[1].value = { valueFrom: [{ a: "x\ny\n" }] }))).toEqual([
      "-      value: 2",
      "+      value:",
      "+        valueFrom:",
      "+          - a: |",
      "+              x",
      "+              y",
    ]);
    expect(changes(({ spec }) => (spec.script = { from: "elsewhere" })).at(-1)).toBe("+    from: elsewhere");
    expect(changes(({ spec }) => (spec.list = "none"))).toContain("+  list: none");
  });
});

describe("an entry more", () => {
  it("stands below the others of its map, at their column", () => {
    expect(changes(({ spec }) => (spec.list[0].extra = [1, "2"]))).toEqual([
      "+      extra:",
      "+        - 1",
      '+        - "2"',
    ]);
    expect(changes(({ spec }) => (spec.last = true))).toEqual(["+  last: true"]);
  });

  it.each([
    [0, "+    - name: new"],
    [1, "+    - name: new"],
    [3, "+    - name: new"],
  ])("stands at its place of the list: %i", (index, line) => {
    expect(changes(({ spec }) => spec.list.splice(index, 0, { name: "new" }))).toEqual([line]);
  });

  it("comes into brackets, and into an empty collection", () => {
    const padded = "a: { b: [x] } # why\nc: 1\n";
    expect(changed(padded, ({ a }) => a.b.push("y, z"))).toEqual([
      "-a: { b: [x] } # why",
      '+a: { b: [ x, "y, z" ] } # why',
    ]);
    expect(changed("a: {}\nb: 1\n", (object) => (object.a.k = [1]))).toEqual([
      "-a: {}",
      "+a:",
      "+  k:",
      "+    - 1",
    ]);
  });

  it("comes to the end of a file without a newline there", () => {
    expect(editedYaml("a: 1", 0, { a: 1, b: 2 })).toBe("a: 1\nb: 2\n");
  });
});

describe("an entry less", () => {
  it("goes with its lines, and leaves comments of others", () => {
    expect(changes(({ spec }) => delete spec.script)).toEqual([
      "-  script: |",
      "-    set -eu",
      "-    echo one",
      "-",
      "-    echo two",
    ]);
    expect(changes(({ spec }) => spec.list.splice(1, 1))).toEqual(["-    - name: second", "-      value: 2"]);
  });

  it("leaves the dash to the next one", () => {
    expect(changes(({ spec }) => delete spec.list[0].name)).toEqual([
      "-    - name: first # the first",
      "-      value: 1",
      "+    - value: 1",
    ]);
  });

  it("leaves an empty collection when it was the last", () => {
    expect(changed("a:\n  b: 1\nc:\n  - 1\n", (object) => Object.assign(object, { a: {}, c: [] }))).toEqual([
      "-a:",
      "-  b: 1",
      "-c:",
      "-  - 1",
      "+a: {}",
      "+c: []",
    ]);
  });
});

describe("what is written once and used twice", () => {
  const twice = "base: &base\n  a: 1\n  b: &b x\nuse:\n  <<: *base\n  c: *b\n";

  it("stays so where both change alike", () => {
    const edit: Edit = (object) => (object.base.a = object.use.a = 2);
    expect(changed(twice, edit)).toEqual(["-  a: 1", "+  a: 2"]);
  });

  it("is written out where only one of them changes", () => {
    expect(changed(twice, (object) => (object.use.a = 2))).toEqual(["+  a: 2"]);
    expect(changed(twice, (object) => (object.use.c = "z"))).toEqual(["-  c: *b", "+  c: z"]);
    expect(editedYaml(twice, 0, { base: { a: 1, b: "z" }, use: { a: 1, b: "x", c: "x" } })).toBe(
      "base: &base\n  a: 1\n  b: &b z\nuse:\n  <<: *base\n  c: x\n  b: x\n",
    );
    expect(changed(twice, (object) => delete object.use.a)).toContain("+  c: x");
    expect(changed(twice, (object) => delete object.base)).toContain("+  b: x");
  });
});

it("edits the document that is meant, and no other of its file", () => {
  const text = "a: 0755\n---\n# none\n---\na: 0755\n---\na: 0755\n";
  expect(editedYaml(text, 2, { a: 1 })).toBe("a: 0755\n---\n# none\n---\na: 1\n---\na: 0755\n");
});
