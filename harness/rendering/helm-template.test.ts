import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { helmRelease } from "./helm-release.ts";
import { helmTemplate } from "./helm-template.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp("/tmp/r-"); // short: a release's name has 53 characters
  await writeFile(join(directory, "file"), "of-this-machine");
});
afterEach(() => rm(directory, { recursive: true }));

const image = { repository: "example.org/app", tag: "1" };
const values = { controllers: { main: { containers: { main: { image } } } } };

async function rendered(spec: object, name = "app"): Promise<string> {
  const release = helmRelease.safeParse({ metadata: { name, namespace: "opencode" }, spec });
  if (!release.success) return release.error.message;
  return helmTemplate(release.data, { files: [values], sets: [], version: "4.4.0" }).then(
    (objects) => JSON.stringify(objects),
    (error: Error) => error.message,
  );
}

describe("what a release can do to this machine", () => {
  it("is not to have its name taken for an option that writes files", async () => {
    expect(await rendered({ releaseName: `--output-dir=${directory}/made` })).toMatch("invalid release name");
    expect(existsSync(join(directory, "made"))).toBe(false);
  });

  it("is not to have its name taken for an option that reads files", async () => {
    const releaseName = `--set-file=defaultPodOptions.schedulerName=${directory}/file`;
    expect(await rendered({ releaseName: releaseName.slice(0, 53) })).toMatch("invalid release name");
    const name = `--set-file=controllers.main.labels.x=${directory}/file`;
    expect(await rendered({}, name)).not.toContain("of-this-machine");
  });

  it("is not to have a patch read from a file or an address", async () => {
    const patches = [{ path: join(directory, "file"), target: { kind: "Deployment" } }];
    expect(await rendered({ postRenderers: [{ kustomize: { patches } }] })).toMatch("patch");
    const both = [{ ...patches[0], patch: "- {op: add, path: /metadata/labels/own, value: x}" }];
    expect(await rendered({ postRenderers: [{ kustomize: { patches: both } }] })).toContain('"own":"x"');
  });

  it("is not to take all of its memory", async () => {
    const annotations = {
      x: "{{ range until 100000 }}{{ range until 100000 }}xxxxxxxxxxxxxxxxxxxx{{ end }}{{ end }}",
    };
    const greedy = { controllers: { main: { ...values.controllers.main, annotations } } };
    const release = helmRelease.parse({ metadata: { name: "app", namespace: "opencode" }, spec: {} });
    await expect(helmTemplate(release, { files: [greedy], sets: [], version: "4.4.0" })).rejects.toThrow(
      "more than 1 GiB of memory",
    );
  });

  it("is not up to settings that others leave where everybody may write", async () => {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = directory;
    try {
      const setting = `apiVersion: kubectl.config.k8s.io/v1beta1
kind: Preference
defaults:
  - command: kustomize
    options: [{name: output, default: ${directory}/written}]
`;
      await mkdir(join(tmpdir(), ".kube"));
      await writeFile(join(tmpdir(), ".kube/kuberc"), setting);
      const patches = [{ patch: "- {op: add, path: /metadata/labels/other, value: x}", target: {} }];
      expect(await rendered({ postRenderers: [{ kustomize: { patches } }] })).toContain('"other":"x"');
      const written = await readFile(join(directory, "written"), "utf8").catch(() => "nothing");
      expect(written).toBe("nothing");
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });
});
