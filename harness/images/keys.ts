import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Component, Input } from "./component.ts";

/** The key of every component: the first 12 hex digits of the hash of its name, its inputs and the keys it needs. */
export async function keysOf(components: readonly Component[]): Promise<Map<string, string>> {
  const byName = new Map(components.map((component) => [component.name, component]));
  const keys = new Map<string, Promise<string>>();
  const keyOf = (name: string): Promise<string> => {
    const known = keys.get(name);
    if (known !== undefined) return known;
    const component = byName.get(name);
    if (component === undefined) throw new RangeError(`no component is called ${name}`);
    const key = hashComponent(component, keyOf);
    keys.set(name, key);
    return key;
  };
  return new Map(await Promise.all(components.map(async ({ name }) => [name, await keyOf(name)] as const)));
}

async function hashComponent(
  component: Component,
  keyOf: (name: string) => Promise<string>,
): Promise<string> {
  const parts = await Promise.all([...component.inputs.map(digestOf), ...component.needs.map(keyOf)]);
  return sha256([component.name, component.output, ...parts].join("\n")).slice(0, 12);
}

async function digestOf(input: Input): Promise<string> {
  if ("text" in input) return sha256(input.text);
  return (await stat(input.path)).isDirectory()
    ? digestOfTree(input.path)
    : sha256(await readFile(input.path));
}

/** Tests and what npm puts there change no image. */
async function digestOfTree(root: string): Promise<string> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !path.split("/").includes("node_modules"))
    .sort();
  const lines = await Promise.all(
    files.map(async (path) => `${path} ${sha256(await readFile(join(root, path)))}`),
  );
  return sha256(lines.join("\n"));
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
