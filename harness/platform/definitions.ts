import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { cacheDir, HarnessError } from "../base/index.ts";
import type { ModuleName } from "../images/index.ts";
import type { KubeObject } from "./component.ts";
import { slimDefinition } from "./slim-definition.ts";

/** Finds the files of a Go module, at the version that the images are built from. */
export type ModuleDir = (module: ModuleName) => string | Promise<string>;

interface Source {
  module: ModuleName;
  directories: string[];
  /** File names to take; all if not given. */
  files?: RegExp;
}

/** Where each controller's own definitions of its kinds stand. */
const sources: Source[] = [
  { module: "sourceController", directories: ["config/crd/bases"] },
  { module: "kustomizeController", directories: ["config/crd/bases"] },
  { module: "helmController", directories: ["config/crd/bases"] },
  {
    module: "externalSecrets",
    directories: ["config/crds/bases"],
    // The controller looks for GeneratorState even where generators are switched off.
    files:
      /^(external-secrets\.io_(externalsecrets|secretstores|clustersecretstores)|generators\..*_generatorstates)\.yaml$/,
  },
  { module: "certManager", directories: ["deploy/crds"] },
  {
    module: "snapshotKinds",
    directories: ["config/crd"],
    files: /^snapshot\.storage\.k8s\.io_.*\.yaml$/,
  },
  { module: "volsyncKinds", directories: ["config/crd/bases"] },
  { module: "externalDns", directories: ["config/crd/standard"] },
  {
    module: "envoyGateway",
    directories: ["charts/gateway-helm/crds", "charts/gateway-helm/crds/generated"],
  },
];

/**
 * The CustomResourceDefinitions of the platform, from the modules that its controllers are built from, made slim. The
 * result is kept in the cache, because parsing takes over a second.
 */
export async function loadDefinitions(moduleDir: ModuleDir): Promise<KubeObject[]> {
  const located = await Promise.all(
    sources.map(async (source) => ({ ...source, root: await moduleDir(source.module) })),
  );
  const cached = cacheDir("definitions", `${await keyOf(located.map(({ root }) => root))}.json`);
  const known = await readFile(cached, "utf8").catch(() => undefined);
  if (known) return JSON.parse(known) as KubeObject[];
  const definitions = (await Promise.all(located.map(readSource))).flat();
  await mkdir(dirname(cached), { recursive: true });
  await writeFile(`${cached}.${process.pid}`, JSON.stringify(definitions));
  await rename(`${cached}.${process.pid}`, cached);
  return definitions;
}

/** The modules' versions stand in their paths; how the result is made stands in two files of ours. */
async function keyOf(roots: string[]): Promise<string> {
  const recipe = ["definitions.ts", "slim-definition.ts"].map((name) =>
    readFile(join(import.meta.dirname, name), "utf8"),
  );
  const hash = createHash("sha256").update(JSON.stringify([roots, await Promise.all(recipe)]));
  return hash.digest("hex").slice(0, 16);
}

async function readSource({
  module,
  root,
  directories,
  files = /./,
}: Source & { root: string }): Promise<KubeObject[]> {
  const found: KubeObject[] = [];
  for (const directory of directories) {
    const names = (await readdir(join(root, directory))).filter((name) => name.endsWith(".yaml"));
    for (const name of names.filter((name) => files.test(name)).sort()) {
      found.push(...definitionsIn(await readFile(join(root, directory, name), "utf8")));
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
