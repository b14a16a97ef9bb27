import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Component, Input } from "./component.ts";
import { keysOf } from "./keys.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "keys-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function component(name: string, inputs: Input[] = [], needs: string[] = []): Component {
  return { name, needs, inputs, output: "directory", build: () => Promise.resolve() };
}

const keyOf = async (...components: Component[]) => (await keysOf(components)).get(components[0]?.name ?? "");

it("stays the same for the same inputs, and is 12 hex digits", async () => {
  const key = await keyOf(component("a", [{ text: "x" }]));
  expect(key).toMatch(/^[0-9a-f]{12}$/);
  expect(await keyOf(component("a", [{ text: "x" }]))).toBe(key);
});

it("changes with a text, a name and a file's content", async () => {
  const file = join(dir, "main.go");
  await writeFile(file, "one");
  const before = await keyOf(component("a", [{ path: file }]));
  await writeFile(file, "two");
  const keys = await Promise.all([
    before,
    keyOf(component("a", [{ path: file }])),
    keyOf(component("a", [{ text: "x" }])),
    keyOf(component("b", [{ text: "x" }])),
  ]);
  expect(new Set(keys).size).toBe(4);
});

it("changes when a file of a folder is renamed", async () => {
  await writeFile(join(dir, "one"), "same");
  const before = await keyOf(component("a", [{ path: dir }]));
  await rm(join(dir, "one"));
  await writeFile(join(dir, "two"), "same");
  expect(await keyOf(component("a", [{ path: dir }]))).not.toBe(before);
});

it("does not change with a test or an installed package", async () => {
  await writeFile(join(dir, "main.ts"), "code");
  const before = await keyOf(component("a", [{ path: dir }]));
  await writeFile(join(dir, "main.test.ts"), "test");
  await mkdir(join(dir, "node_modules"));
  await writeFile(join(dir, "node_modules", "x.js"), "package");
  expect(await keyOf(component("a", [{ path: dir }]))).toBe(before);
});

it("changes with what a needed component depends on", async () => {
  const image = component("image", [], ["program"]);
  const before = await keyOf(image, component("program", [{ text: "1" }]));
  expect(await keyOf(image, component("program", [{ text: "2" }]))).not.toBe(before);
});

it("names a component that does not exist", async () => {
  await expect(keysOf([component("image", [], ["program"])])).rejects.toThrow(
    "no component is called program",
  );
});
