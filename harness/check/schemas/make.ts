/**
 * Writes fixtures/schemas/ anew, after a version of harness/images/versions.ts was raised: `node harness/check/schemas/make.ts`.
 * Needs Go, or an engine that has its image; asks the module proxy for what is not in Go's cache.
 */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { silent } from "../../base/index.ts";
import { ensureEngine } from "../../engine/index.ts";
import { definitionDirectories, type ModuleName, moduleDir, versions } from "../../images/index.ts";
import { type KindSchemas, mapValues, type OpenApiSchema } from "./open-api.ts";
import { anyDefault, fullDefault, reduced, reducedKind } from "./reduced.ts";
import { schemaDirectory } from "./schemas.ts";

interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}

interface Definition {
  kind: string;
  spec: {
    group: string;
    names: { kind: string };
    versions: { name: string; served: boolean; schema: { openAPIV3Schema: OpenApiSchema } }[];
  };
}

const { signal } = new AbortController();
const engine = await ensureEngine(silent, signal);
const directories: Partial<Record<ModuleName, readonly string[]>> = {
  ...definitionDirectories,
  volsyncKinds: ["config/crd/bases"],
};

await rm(schemaDirectory, { recursive: true, force: true });
await mkdir(schemaDirectory, { recursive: true });
await write("kubernetes", await builtIn());
for (const [group, schemas] of await definedKinds()) await write(group, schemas);

/** One kind a line, so that a new version can be read as a difference. */
async function write(name: string, { from, kinds, definitions = {} }: KindSchemas): Promise<void> {
  const lines = (record: Record<string, unknown>) =>
    Object.entries(record)
      .sort(([left], [right]) => left.localeCompare(right))
      .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
      .join(",\n");
  const versionsOf = mapValues(kinds, (ofVersion) => `{\n${lines(ofVersion)}\n}`);
  const ofKinds = Object.entries(versionsOf)
    .sort(([left], [right]) => left.localeCompare(right))
    .map(([apiVersion, text]) => `${JSON.stringify(apiVersion)}: ${text}`);
  const text = `{"from": ${JSON.stringify(from)}, "kinds": {\n${ofKinds.join(",\n")}\n}, "definitions": {\n${lines(definitions)}\n}}\n`;
  await writeFile(join(schemaDirectory, `${name}.json`), text);
}

/** What the API server itself has: of every group the versions that are served unless somebody asks for more. */
async function builtIn(): Promise<KindSchemas> {
  const directory = join(await moduleDir("kubernetes", { engine, signal }), "api/openapi-spec/v3");
  const files = (await readdir(directory)).filter((name) => /__v\d+_openapi\.json$/.test(name));
  const all: Record<string, OpenApiSchema> = {};
  for (const file of files) {
    const { components } = JSON.parse(await readFile(join(directory, file), "utf8"));
    Object.assign(all, components?.schemas);
  }
  const kinds: KindSchemas["kinds"] = {};
  const definitions: Record<string, OpenApiSchema> = {};
  const take = (name: string, schema: OpenApiSchema) => {
    if (definitions[name]) return;
    definitions[name] = schema;
    for (const next of referencesIn(schema)) take(next, reduced(all[next] ?? {}, fullDefault));
  };
  for (const [name, schema] of Object.entries(all)) {
    const [id, ...others] = (schema["x-kubernetes-group-version-kind"] ?? []) as GroupVersionKind[];
    // Of many groups: lists, options of a call, events of a watch.
    if (!id || others.length > 0 || !schema.properties?.metadata || /List$/.test(id.kind)) continue;
    const apiVersion = id.group === "" ? id.version : `${id.group}/${id.version}`;
    if (!/^v\d+$/.test(id.version)) continue;
    kinds[apiVersion] = { ...kinds[apiVersion], [id.kind]: { $ref: `#/definitions/${name}` } };
    take(name, reducedKind(schema, fullDefault));
  }
  return {
    from: `k8s.io/kubernetes v${versions.kubernetes}`,
    kinds,
    definitions: mapValues(definitions, named),
  };
}

/** Every name of the schema under `$ref`. */
function referencesIn(schema: OpenApiSchema): string[] {
  return [...JSON.stringify(schema).matchAll(/"\$ref":"[^"]*\/([^"/]+)"/g)].map(([, name]) => name ?? "");
}

function named(schema: OpenApiSchema): OpenApiSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll("#/components/schemas/", "#/definitions/"));
}

/** What the platform adds, by group; what it does not read of a provider or kind is there all the same. */
async function definedKinds(): Promise<Map<string, KindSchemas>> {
  const groups = new Map<string, KindSchemas>();
  for (const [module, parts] of Object.entries(directories) as [ModuleName, readonly string[]][]) {
    const root = await moduleDir(module, { engine, signal });
    const from = /go\/pkg\/mod\/(.+)@(v[^/]+)$/.exec(root)?.slice(1).join(" ") ?? module;
    for (const part of parts) {
      for (const { spec } of await definitionsBelow(join(root, part))) {
        const group = groups.get(spec.group) ?? { from, kinds: {} };
        groups.set(spec.group, group);
        for (const { name, served, schema } of spec.versions) {
          if (!served) continue;
          const apiVersion = `${spec.group}/${name}`;
          const kind = { [spec.names.kind]: reducedKind(schema.openAPIV3Schema, anyDefault) };
          group.kinds[apiVersion] = { ...group.kinds[apiVersion], ...kind };
        }
      }
    }
  }
  return groups;
}

async function definitionsBelow(directory: string): Promise<Definition[]> {
  const files = (await readdir(directory, { recursive: true })).filter((file) => /\.ya?ml$/.test(file));
  const texts = await Promise.all(files.sort().map((file) => readFile(join(directory, file), "utf8")));
  return texts
    .flatMap((text) => parseAllDocuments(text).map((document): unknown => document.toJS()))
    .filter(
      (object): object is Definition => (object as Definition | null)?.kind === "CustomResourceDefinition",
    );
}
