import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { cacheDir, HarnessError, scratchDirectory } from "../base/index.ts";
import { definitionDirectories, type ModuleName } from "../images/index.ts";
import type { KubeObject } from "./component.ts";
import { slimDefinition } from "./slim-definition.ts";

/** File names to take of a module; all where none are given. */
const files: Partial<Record<ModuleName, RegExp>> = {
  // The controller looks for GeneratorState even where generators are switched off.
  externalSecrets:
    /^(external-secrets\.io_(externalsecrets|secretstores|clustersecretstores)|generators\..*_generatorstates)\.yaml$/,
  snapshotKinds: /^snapshot\.storage\.k8s\.io_.*\.yaml$/,
};

/**
 * The CustomResourceDefinitions of the platform, from the modules that its controllers are built from, made slim. `root` holds
 * a folder for each module (definitionDirectories of the images). The result is kept in the cache, because parsing takes
 * over a second.
 */
export async function loadDefinitions(root: string): Promise<KubeObject[]> {
  const cached = cacheDir("definitions", `${await keyOf(root)}.json`);
  const known = await readFile(cached, "utf8")
    .then(JSON.parse)
    .catch(() => undefined);
  if (known) return known as KubeObject[];
  const modules = Object.entries(definitionDirectories) as [ModuleName, string[]][];
  const definitions = (await Promise.all(modules.map((module) => definitionsOf(root, ...module)))).flat();
  await keep(cached, JSON.stringify(definitions));
  return definitions;
}

/** Whole or not at all; two worlds that start at once do it side by side. */
async function keep(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const aside = await scratchDirectory("definitions");
  try {
    await writeFile(join(aside, "text"), text);
    await rename(join(aside, "text"), file);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** The root is named after its content; how the result is made stands in two files of ours. */
async function keyOf(root: string): Promise<string> {
  const recipe = ["definitions.ts", "slim-definition.ts"].map((name) =>
    readFile(join(import.meta.dirname, name), "utf8"),
  );
  const hash = createHash("sha256").update(JSON.stringify([root, await Promise.all(recipe)]));
  return hash.digest("hex").slice(0, 16);
}

async function definitionsOf(root: string, module: ModuleName, directories: string[]): Promise<KubeObject[]> {
  const found: KubeObject[] = [];
  for (const directory of directories) {
    const paths = await readdir(join(root, module, directory), { recursive: true });
    const isWanted = (path: string) => path.endsWith(".yaml") && (files[module] ?? /./).test(basename(path));
    for (const path of paths.filter(isWanted).sort()) {
      found.push(...definitionsIn(await readFile(join(root, module, directory, path), "utf8")));
    }
  }
  if (found.length === 0) {
    throw new HarnessError(`the Go module of ${module} has no CustomResourceDefinition`, {
      code: "environment",
      details: root,
    });
  }
  return found;
}

/** The definitions in one YAML file; other kinds (a kustomization.yaml) are passed over. */
export function definitionsIn(yaml: string): KubeObject[] {
  return parseAllDocuments(yaml)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object): object is KubeObject => object?.kind === "CustomResourceDefinition")
    .map(slimDefinition);
}
