import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { cacheDir } from "../base/index.ts";
import { definitionDirectories } from "../images/index.ts";
import { definitionsIn, loadDefinitions } from "./definitions.ts";

const widget = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.org}
spec:
  versions:
    - schema:
        openAPIV3Schema:
          description: goes
          properties:
            description: {type: string, description: goes}
---
kind: Kustomization
`;

async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "definitions-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

beforeEach(async () => {
  vi.stubEnv("OPENCODE_HARNESS_CACHE", await temporary());
  return () => vi.unstubAllEnvs();
});

it("keeps properties called description and drops what describes", () => {
  const [only, ...more] = definitionsIn(widget);
  expect(more).toEqual([]);
  expect(only?.spec).toEqual({
    versions: [{ schema: { openAPIV3Schema: { properties: { description: { type: "string" } } } } }],
  });
});

const store = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: secretstores.external-secrets.io}
spec:
  versions:
    - schema: {openAPIV3Schema: {properties: {spec: {properties: {
        provider: {maxProperties: 1, properties: {aws: {type: object}, doppler: {type: object}}}}}}}}
`;

it("keeps of a secret store's schema the providers that are there", () => {
  const properties = { doppler: { type: "object" } };
  expect(JSON.stringify(definitionsIn(store)[0]?.spec)).toContain(
    JSON.stringify({ provider: { maxProperties: 1, properties } }),
  );
});

it("takes any EnvoyProxy, and holds the kinds under test to their schema", () => {
  const schema = widget.replace(
    "description: goes\n          properties:",
    "properties:\n            spec: {type: string}",
  );
  const spec = (name: string) =>
    JSON.stringify(definitionsIn(schema.replace("widgets.example.org", name))[0]?.spec);
  expect(spec("envoyproxies.gateway.envoyproxy.io")).toContain("preserve-unknown-fields");
  expect(spec("backendtrafficpolicies.gateway.envoyproxy.io")).toContain('"spec":{"type":"string"}');
});

/** A root with a file of this name and content in each module's directories. */
async function rootWith(file: string, content: string): Promise<string> {
  const root = await temporary();
  for (const [module, directories] of Object.entries(definitionDirectories)) {
    for (const directory of directories) {
      await mkdir(join(root, module, directory, "generated"), { recursive: true });
      // Of the snapshots' module only files of this name are taken.
      const name = module === "snapshotKinds" ? `snapshot.storage.k8s.io_${file}` : file;
      await writeFile(join(root, module, directory, "generated", name), content);
    }
  }
  return root;
}

it("names the module that has none", async () => {
  const root = await rootWith("README.md", widget);
  await expect(loadDefinitions(root)).rejects.toThrow(/Go module of .* has no CustomResourceDefinition/);
});

it("reads each module's files once and then its own copy", async () => {
  const root = await rootWith("external-secrets.io_externalsecrets.yaml", widget);
  const first = await loadDefinitions(root);
  expect(first).toHaveLength(Object.keys(definitionDirectories).length);
  await rm(join(root, "externalSecrets"), { recursive: true });
  expect(await loadDefinitions(root)).toEqual(first);
});

it("is read by several worlds at once, the first time too", async () => {
  const root = await rootWith("external-secrets.io_externalsecrets.yaml", widget);
  const all = await Promise.all(Array.from({ length: 8 }, () => loadDefinitions(root)));
  expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(1);
});

it("is made anew where its copy cannot be read", async () => {
  const root = await rootWith("external-secrets.io_externalsecrets.yaml", widget);
  const first = await loadDefinitions(root);
  const [copy = ""] = await readdir(cacheDir("definitions"));
  await writeFile(cacheDir("definitions", copy), '[{"kind": "Cust');
  expect(await loadDefinitions(root)).toEqual(first);
});
