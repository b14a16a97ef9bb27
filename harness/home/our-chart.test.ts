import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { openHome } from "./index.ts";

/** The landed tree with one workspace's chart or release changed. */
async function treeWith(file: string, from: string, to: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "our-chart-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  await cp(join(checkoutDir, "manifests"), directory, { recursive: true });
  const path = join(directory, "kubernetes/apps/opencode/opencode-ha/app", file);
  const text = await readFile(path, "utf8");
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
  return directory;
}

const asked = (version: string) => treeWith("ocirepository.yaml", "tag: 4.4.0", `tag: ${version}`);

it("says that our chart cannot be a version, and not that the tree is wrong", async () => {
  await expect(openHome({ manifests: await asked("3.7.3") })).rejects.toMatchObject({
    code: "environment",
    message:
      "HelmRelease opencode-ha: our chart cannot be app-template 3.7.3: it is served as 4.1.0 to 5.3.0",
  });
}, 60_000);

it("says that our chart cannot where a template calls what only the real library has", async () => {
  const call = '{{ include "bjw-s.common.lib.unheardOf" $ }}';
  const manifests = await treeWith(
    "helmrelease.yaml",
    "controllers:\n",
    `global: {labels: {a: '${call}'}}\n    controllers:\n`,
  );
  await expect(openHome({ manifests })).rejects.toMatchObject({
    code: "environment",
    message: expect.stringMatching(
      /opencode-ha: our chart cannot render this as app-template 4.4.0: [\s\S]*unheardOf/,
    ),
  });
}, 60_000);

it("renders a workspace as the version that its tree asks for", async () => {
  const { workspaces, rendered } = await openHome({ manifests: await asked("5.1.0") });
  expect(workspaces.map(({ name }) => name)).toEqual(["opencode-flux", "opencode-ha"]);
  const accounts = rendered.kustomizations
    .flatMap(({ objects }) => objects)
    .filter(({ object, by }) => object.kind === "ServiceAccount" && by.release);
  expect(accounts.map(({ object }) => object.metadata.name)).toEqual(["opencode-ha"]);
}, 60_000);
