import { chmod, mkdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { directoryWith } from "./test-directory.ts";
import { readTree } from "./working-tree.ts";

const app = "kubernetes/apps/opencode";

async function repository(files: Record<string, string>): Promise<string> {
  const directory = await directoryWith(files);
  const git = (...args: string[]) =>
    execa("git", ["-C", directory, "-c", "user.name=A", "-c", "user.email=a@example.invalid", ...args]);
  await git("init", "--quiet");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "first");
  return directory;
}

describe("a git working tree", () => {
  it("is read with its uncommitted and untracked files and without ignored and deleted ones", async () => {
    const directory = await repository({
      ".gitignore": "*.tmp\n",
      [`${app}/changed.yaml`]: "a: 1\n",
      [`${app}/deleted.yaml`]: "a: 1\n",
    });
    await writeFile(join(directory, app, "changed.yaml"), "a: 2\n");
    await writeFile(join(directory, app, "new.yaml"), "a: 3\n");
    await writeFile(join(directory, app, "ignored.tmp"), "");
    await rm(join(directory, app, "deleted.yaml"));
    const tree = await readTree(directory);
    expect([...tree.files.keys()]).toEqual([`${app}/changed.yaml`, `${app}/new.yaml`]);
    expect(tree.text(`${app}/changed.yaml`)).toBe("a: 2\n");
  });

  it.each([
    [`${app}/many.yaml`, 17],
    [`${app}/film.bin`, 3 * 1024],
  ])("is not read where %s has %i MiB, and told which file it is", async (path, mebibytes) => {
    const directory = await repository({ [`${app}/a.yaml`]: "a: 1\n" });
    await writeFile(join(directory, path), "");
    await truncate(join(directory, path), mebibytes * 2 ** 20);
    await expect(readTree(directory)).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining(`${path} (${mebibytes} MiB)`),
    });
  });

  it("is read from a directory inside of it", async () => {
    const directory = await repository({ [`manifests/${app}/a.yaml`]: "a: 1\n" });
    const tree = await readTree(join(directory, "manifests"));
    expect([...tree.files.keys()]).toEqual([`${app}/a.yaml`]);
  });

  it("gives a directory that it ignores as if that stood alone", async () => {
    const directory = await repository({ ".gitignore": "/results/\n" });
    await mkdir(join(directory, "results", app), { recursive: true });
    await writeFile(join(directory, "results", app, "a.yaml"), "a: 1\n");
    const tree = await readTree(join(directory, "results"));
    expect([...tree.files.keys()]).toEqual([`${app}/a.yaml`]);
  });

  it("is read although a hook's variables point git elsewhere", async () => {
    const directory = await repository({ [`${app}/a.yaml`]: "a: 1\n" });
    process.env.GIT_DIR = "/nonexistent";
    const tree = await readTree(directory).finally(() => delete process.env.GIT_DIR);
    expect(tree.files.size).toBe(1);
  });
});

describe("a plain directory", () => {
  it("honours .gitignore too", async () => {
    const directory = await directoryWith({
      ".gitignore": "secret.yaml\n",
      [`${app}/secret.yaml`]: "a: 1\n",
      [`${app}/a.yaml`]: "a: 1\n",
    });
    expect([...(await readTree(directory)).files.keys()]).toEqual([`${app}/a.yaml`]);
  });

  it("keeps executables and symbolic links", async () => {
    const directory = await directoryWith({ [`${app}/run.sh`]: "#!/bin/sh\n", [`${app}/a.yaml`]: "a: 1\n" });
    await chmod(join(directory, app, "run.sh"), 0o755);
    await symlink("a.yaml", join(directory, app, "link"));
    const { files } = await readTree(directory);
    expect(files.get(`${app}/run.sh`)?.mode).toBe("100755");
    expect(files.get(`${app}/link`)).toEqual({ mode: "120000", content: Buffer.from("a.yaml") });
  });
});

it("takes the whole kubernetes/ of a repository, and its mistakes are told when it is rendered", async () => {
  const directory = await directoryWith({
    "README.md": "",
    [`${app}/a.yaml`]: "a: 1\n",
    "kubernetes/apps/home/frigate/ks.yaml": "a: [\n",
    "kubernetes/flux/vars/cluster-secrets.sops.yaml": "a: 1\n",
    "scripts/seed-copilot-auth.sh": "",
    "scripts/other.sh": "",
  });
  const tree = await readTree(directory);
  expect([...tree.files.keys()]).toEqual([
    "kubernetes/apps/home/frigate/ks.yaml",
    `${app}/a.yaml`,
    "kubernetes/flux/vars/cluster-secrets.sops.yaml",
    "scripts/seed-copilot-auth.sh",
  ]);
});

describe("what cannot be read", () => {
  it("is named with file, line and column", async () => {
    const directory = await directoryWith({
      [`${app}/ks.yaml`]: "spec:\n  path: ./a\n  prune: true\n path: b\n",
    });
    const failure = readTree(directory);
    await expect(failure).rejects.toMatchObject({ code: "usage" });
    await expect(failure).rejects.toThrow(/ks\.yaml:4:1: All mapping items/);
  });

  it.each([
    ["a key that stands twice", "a: 1\na: 2\n", /:2:1: Map keys must be unique/],
    ["an alias without its anchor", "a: *nobody\n", /:1:4: .*nobody/],
    ["a tab as indentation", "a:\n\tb: 1\n", /:2:1: /],
  ])("may be %s", async (_what, text, message) => {
    const directory = await directoryWith({ [`${app}/a.yaml`]: text });
    await expect(readTree(directory)).rejects.toThrow(message);
  });

  it("may be a directory without manifests, or none", async () => {
    const directory = await directoryWith({ "kubernetes/README.md": "" });
    await expect(readTree(directory)).rejects.toMatchObject({
      code: "usage",
      message: /no manifests in kubernetes/,
    });
    await expect(readTree(join(directory, "missing"))).rejects.toThrow(/there is no directory/);
  });
});

it("takes beside kubernetes/ what its Flux leads to, and nothing more", async () => {
  const flux = (path: string) =>
    JSON.stringify({
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata: { name: "x", namespace: "flux-system" },
      spec: { path, sourceRef: { kind: "GitRepository", name: "flux-system" } },
    });
  const instance = { spec: { sync: { kind: "GitRepository", path: "setup/flux/cluster" } } };
  const tree = await readTree(
    await directoryWith({
      "kubernetes/flux-system/instance.yaml": JSON.stringify({
        apiVersion: "fluxcd.controlplane.io/v1",
        kind: "FluxInstance",
        metadata: { name: "flux", namespace: "flux-system" },
        ...instance,
      }),
      "setup/flux/cluster/all.yaml": `${flux("./setup/flux/sources")}\n---\n${flux("./kubernetes")}\n`,
      "setup/flux/sources/chart.yaml": "kind: OCIRepository\n",
      "setup/talos/secret.yaml": "a: b\n",
    }),
  );
  expect([...tree.files.keys()].sort()).toEqual([
    "kubernetes/flux-system/instance.yaml",
    "setup/flux/cluster/all.yaml",
    "setup/flux/sources/chart.yaml",
  ]);
});

it("takes beside kubernetes/ what kustomize is led to, and from there", async () => {
  const tree = await readTree(
    await directoryWith({
      "kubernetes/apps/x/app/kustomization.yaml":
        "resources: [./own.yaml]\ncomponents: [../../../../shared/volsync]\nconfigMapGenerator: [{name: x, files: [a=../../../../shared/text]}]\n",
      "kubernetes/apps/x/app/own.yaml": "kind: ConfigMap\n",
      "kubernetes/apps/y/kustomization.yaml": "resources: [../../../../outside]\nbroken: [\n",
      "kubernetes/apps/z/kustomization.yaml": `resources: [../../x]\na: &a [${"x,".repeat(50)}]\nb: &b [${"*a,".repeat(50)}]\nc: [${"*b,".repeat(50)}]\n`,
      "shared/volsync/kustomization.yaml": "kind: Component\nresources: [../claim/claim.yaml]\n",
      "shared/claim/claim.yaml": "kind: PersistentVolumeClaim\n",
      "shared/text": "text\n",
      "shared/other/secret.yaml": "a: b\n",
      "kubernetes/flux/cluster.yaml": JSON.stringify({
        apiVersion: "kustomize.toolkit.fluxcd.io/v1",
        kind: "Kustomization",
        metadata: { name: "cluster", namespace: "flux-system" },
        spec: { path: "./kubernetes/flux", sourceRef: { kind: "GitRepository", name: "flux-system" } },
      }),
    }),
  );
  const beside = [...tree.files.keys()].filter((path) => !path.startsWith("kubernetes/"));
  expect(beside.sort()).toEqual([
    "shared/claim/claim.yaml",
    "shared/text",
    "shared/volsync/kustomization.yaml",
  ]);
});
