import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
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

/** Where the modules have their definitions, and a file of one in each. */
const places = {
  "config/crd/bases": "x.yaml",
  "config/crds/bases": "external-secrets.io_externalsecrets.yaml",
  "config/crd": "snapshot.storage.k8s.io_volumesnapshots.yaml",
  "config/crd/standard": "x.yaml",
  "deploy/crds": "x.yaml",
  "charts/gateway-helm/crds/generated": "x.yaml",
};

it("names the module that has none", async () => {
  const empty = await temporary();
  for (const directory of Object.keys(places)) await mkdir(join(empty, directory), { recursive: true });
  await expect(loadDefinitions(() => empty)).rejects.toThrow(
    /Go module of .* has no CustomResourceDefinition/,
  );
});

it("reads each module's files once and then its own copy", async () => {
  const root = await temporary();
  for (const [directory, file] of Object.entries(places)) {
    await mkdir(join(root, directory), { recursive: true });
    await writeFile(join(root, directory, file), widget);
  }
  const first = await loadDefinitions(() => root);
  expect(first).toHaveLength(9);
  await writeFile(join(root, "deploy/crds/x.yaml"), "");
  expect(await loadDefinitions(() => root)).toEqual(first);
});
