import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { parseAst } from "vitest/node";

/** Each may import what stands before it; those of one line know nothing of each other. */
const flow = [
  ["fixtures"],
  ["base"],
  ["engine"],
  ["machine"],
  ["images"],
  ["cluster"],
  ["internet"],
  ["gitops"],
  ["rendering"],
  ["home"],
  ["check"],
  ["platform"],
  ["diagnosis"],
  ["observe"],
  ["workspace"],
  ["clones", "gateway", "operator", "volumes"],
  ["nodes", "secrets"],
  ["backup", "commits", "copilot"],
  ["neighbours"],
  ["world", "report"],
  ["scenario", "warm"],
  ["chaos"],
  ["index.ts", "commands", "ci"],
  ["cli.ts", "scenarios", "rehearsal"],
];

/** What is imported from another room without its door, and why. */
const besideTheDoor: Record<string, string> = {
  "harness/world/started-world.ts": "types and words for --help; the door loads Testcontainers",
  "harness/world/world.ts": "a type; the door loads Testcontainers",
  "harness/scenario/scenario.ts": "what a scenario file needs; the door brings what runs it",
  "harness/scenario/mutant.ts": "a type that goes with it",
  "harness/operator/fake-machine.ts": "for tests",
  "harness/workspace/fake-open-code.ts": "for tests",
  "harness/workspace/fake-beside.ts": "for tests",
  "harness/workspace/real-open-code.ts": "for tests",
  "harness/platform/test-inputs.ts": "for tests",
  "harness/base/test-cache.ts": "for tests",
  "harness/base/test-owner.ts": "for tests",
  "harness/gitops/test-directory.ts": "for tests",
  "harness/machine/test-machine.ts": "for tests",
  "harness/rendering/test-facts.ts": "for tests",
  "harness/rendering/test-tree.ts": "for tests",
};

/** Tests outside of harness/ that need a tool which the harness finds. */
const chartTests = /^fixtures\/charts\/app-template\//;

interface Import {
  from: string;
  to: string;
}

const root = join(import.meta.dirname, "..");
const imports = globSync("{harness,fixtures,scenarios}/**/*.ts", { cwd: root })
  .filter((file) => !file.includes("node_modules"))
  .flatMap((from) => importsOf(from).map((to) => ({ from, to })));
const crossings = imports.filter(({ from, to }) => roomOf(from) !== roomOf(to));

/** Paths of our own files that this one imports, at once or later, values or types. */
function importsOf(file: string): string[] {
  const tree = parseAst(readFileSync(join(root, file), "utf8"), { lang: "ts" });
  const ours = sourcesIn(tree).filter((source) => source.startsWith("."));
  return ours.map((source) => join(dirname(file), source));
}

function sourcesIn(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  const { source } = node as { source?: { value?: unknown } };
  const own = typeof source?.value === "string" ? [source.value] : [];
  return [...own, ...Object.values(node).flatMap(sourcesIn)];
}

/** The folder below harness/, or what stands there by itself, with its nouns; fixtures and scenarios are one each. */
function roomOf(file: string): string {
  const [top = "", room = ""] = file.split("/");
  if (top !== "harness") return top;
  return room === "nouns" ? "index.ts" : room;
}

const rankOf = (file: string) => flow.findIndex((rooms) => rooms.includes(roomOf(file)));
const told = (imports: Import[]) => imports.map(({ from, to }) => `${from} imports ${to}`);

it("knows every room", () => {
  expect(crossings.flatMap(({ from, to }) => [from, to]).filter((file) => rankOf(file) < 0)).toEqual([]);
});

it("lets imports flow one way", () => {
  const upwards = crossings.filter(({ from, to }) => rankOf(to) >= rankOf(from) && !chartTests.test(from));
  expect(told(upwards)).toEqual([]);
});

/** Files that lead back to themselves, each with those that it leads to and that lead to it. */
function circlesIn(all: readonly Import[]): string[] {
  const targets = Map.groupBy(all, ({ from }) => from);
  const reached = new Map([...targets.keys()].map((file) => [file, reachedFrom(file, targets)]));
  const leads = (from: string, to: string) => reached.get(from)?.has(to) ?? false;
  const turning = [...targets.keys()].filter((file) => leads(file, file));
  const circles = turning.map((file) => turning.filter((other) => leads(file, other) && leads(other, file)));
  return [...new Set(circles.map((files) => files.sort().join(", ")))].sort();
}

function reachedFrom(file: string, targets: Map<string, Import[]>, reached = new Set<string>()): Set<string> {
  for (const { to } of targets.get(file) ?? []) {
    if (reached.has(to)) continue;
    reached.add(to);
    reachedFrom(to, targets, reached);
  }
  return reached;
}

it("finds each circle once, and nothing that only leads to one", () => {
  const chain = (files: string) => [...files].slice(1).map((to, index) => ({ from: files[index] ?? "", to }));
  expect(circlesIn([...chain("abca"), ...chain("xax"), ...chain("pqp"), ...chain("zp")])).toEqual([
    "a, b, c, x",
    "p, q",
  ]);
  expect(circlesIn(chain("zabc"))).toEqual([]);
});

it("has no files that import each other, in a room or across", () => {
  expect(circlesIn(imports)).toEqual([]);
});

it("enters a room by its door", () => {
  const isDoor = (file: string) => file.endsWith("/index.ts") || roomOf(file) === "fixtures";
  const beside = crossings.filter(({ to }) => !isDoor(to));
  expect(told(beside.filter(({ to }) => !(to in besideTheDoor)))).toEqual([]);
  expect(Object.keys(besideTheDoor).filter((path) => !beside.some(({ to }) => to === path))).toEqual([]);
});

/** What is loaded with a file: its imports and theirs, but types and what is imported when it is needed. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const { body } = parseAst(readFileSync(join(root, file), "utf8"), { lang: "ts" });
  for (const statement of body) {
    const { source, importKind, exportKind } = statement as unknown as Record<string, unknown>;
    const name = (source as { value?: string } | null | undefined)?.value;
    if (name === undefined || importKind === "type" || exportKind === "type") continue;
    if (name.startsWith(".")) loadedWith(join(dirname(file), name), seen);
    else seen.add(name);
  }
  return seen;
}

it.each(["harness/commands/index.ts", "harness/check/index.ts"])(
  "loads nothing that only clusters need with %s",
  (door) => {
    const loaded = loadedWith(door);
    expect(loaded).toContain("harness/gitops/index.ts");
    const heavy = [
      "testcontainers",
      "@testcontainers/k3s",
      "@kubernetes/client-node",
      "vitest/node",
      "esbuild",
      "harness/images/index.ts",
    ];
    expect(heavy.filter((name) => loaded.has(name))).toEqual([]);
  },
);

it("shows scenarios the public door only", () => {
  const others = crossings.filter(
    ({ from, to }) => roomOf(from) === "scenarios" && to !== "harness/index.ts",
  );
  expect(told(others)).toEqual([]);
});

/** Names that are exported with a value, and not as `export * as noun`. */
function bareValuesOf(file: string): string[] {
  const { body } = parseAst(readFileSync(join(root, file), "utf8"), { lang: "ts" });
  return body.flatMap((statement) => {
    if (statement.type !== "ExportNamedDeclaration" || statement.exportKind === "type") return [];
    const values = statement.specifiers.filter(({ exportKind }) => exportKind !== "type");
    return values.map(({ exported }) => ("name" in exported ? exported.name : exported.value));
  });
}

it("shows scenarios each verb under a noun", () => {
  expect(bareValuesOf("harness/index.ts")).toEqual(["HarnessError", "scenario"]);
});

/** Kept for tests only, by their names or as `besideTheDoor` says. */
const isForTests = (file: string) =>
  /\.test\.ts$|\/(?:test|fake)-[\w-]+\.ts$|\/testing\//.test(file) || besideTheDoor[file] === "for tests";

it("keeps what it needs for a moment where a killed command's is found, and where nobody else may write", () => {
  const usual = globSync("harness/**/*.ts", { cwd: root })
    .filter((file) => !isForTests(file))
    .filter((file) => /\btmpdir\b/.test(readFileSync(join(root, file), "utf8")));
  expect(usual).toEqual([]);
});
