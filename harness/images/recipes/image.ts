import { existsSync } from "node:fs";
import { chmod, copyFile, cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkoutDir } from "../../base/index.ts";
import type { CatalogueEntry, FromPackages } from "../catalogue.ts";
import type { Component, Input } from "../component.ts";
import { programName } from "./go-binaries.ts";

const recipesDir = join(checkoutDir, "fixtures/images");
const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** An image made of what the other components built. `caPem` goes into those that must trust the stand-ins. */
export function imageFromPackages(name: string, entry: CatalogueEntry, caPem: string): Component {
  const recipe = entry.fromPackages;
  const ca = entry.trustsHarness ? caPem : undefined;
  return recipe.kind === "static" ? staticImage(name, recipe, ca) : debianImage(name, recipe, ca);
}

type Static = Extract<FromPackages, { kind: "static" }>;

/** One layer: the program where upstream has it, a /tmp, and the trust store when there is one. */
function staticImage(name: string, recipe: Static, caPem: string | undefined): Component {
  return {
    name,
    needs: [programName(recipe.binary)],
    inputs: [{ text: JSON.stringify(recipe) }, { text: caPem ?? "" }],
    output: "image",
    build: async ({ directory, output, outputOf, run, docker }) => {
      const root = join(directory, "root");
      await mkdir(join(root, "tmp"), { recursive: true });
      await chmod(join(root, "tmp"), 0o1777);
      const target = join(root, recipe.path);
      await mkdir(dirname(target), { recursive: true });
      await copyFile(join(outputOf(programName(recipe.binary)), recipe.binary), target);
      if (caPem !== undefined) await writeTrustStore(join(root, trustStore), caPem);
      const tar = join(directory, "root.tar");
      await run("tar", ["--owner=0", "--group=0", "-C", root, "-cf", tar, "."]);
      const changes = [`ENTRYPOINT ["${recipe.path}"]`, `USER ${recipe.user}`, `ENV ${path}`];
      await docker(["import", ...changes.flatMap((change) => ["--change", change]), tar, output]);
    },
  };
}

type Debian = Extract<FromPackages, { kind: "debian" }>;

/** fixtures/images/<name>/Dockerfile with the built files in its context. */
function debianImage(name: string, recipe: Debian, caPem: string | undefined): Component {
  const root = `debian ${recipe.root}`;
  const files = Object.entries(recipe.files);
  const context = join(recipesDir, name);
  const inputs: Input[] = [{ path: context }, { text: JSON.stringify(recipe) }, { text: caPem ?? "" }];
  return {
    name,
    needs: [root, ...new Set(files.map(([, { component }]) => component))],
    inputs,
    output: "image",
    build: async ({ directory, output, outputOf, docker }) => {
      await cp(context, directory, { recursive: true });
      for (const [target, { component, path }] of files) {
        const options = { recursive: true, verbatimSymlinks: true };
        await cp(join(outputOf(component), path), join(directory, target), options);
      }
      if (caPem !== undefined) await writeTrustStore(join(directory, "ca-certificates.crt"), caPem);
      await docker([
        "build",
        "--network",
        "none",
        "--build-arg",
        `BASE=${outputOf(root)}`,
        "--tag",
        output,
        directory,
      ]);
    },
  };
}

/** Where Debian, Alpine and Go programs look for the certificates they trust. */
const trustStore = "etc/ssl/certs/ca-certificates.crt";

/** Only the harness's own authority: nothing else has a business to be reached in a run. */
async function writeTrustStore(file: string, caPem: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, caPem);
}

/** The upstream image as it is, or with our trust store in place of its own. */
export function imageFromRegistry(name: string, entry: CatalogueEntry, caPem: string): Component {
  const dockerfile = [
    "ARG BASE",
    "FROM $BASE",
    `COPY ca-certificates.crt /${trustStore}`,
    `ENV SSL_CERT_FILE=/${trustStore} NODE_EXTRA_CA_CERTS=/${trustStore}`,
  ].join("\n");
  const inputs = entry.trustsHarness ? [{ text: dockerfile }, { text: caPem }] : [];
  return {
    name,
    needs: [],
    inputs: [{ text: entry.reference }, ...inputs],
    output: "image",
    build: async ({ directory, output, docker }) => {
      await docker(["pull", "--quiet", entry.reference]);
      if (!entry.trustsHarness) return docker(["tag", entry.reference, output]);
      await writeFile(join(directory, "Dockerfile"), `${dockerfile}\n`);
      await writeTrustStore(join(directory, "ca-certificates.crt"), caPem);
      await docker(["build", "--build-arg", `BASE=${entry.reference}`, "--tag", output, directory]);
    },
  };
}

/** For the catalogue's test. */
export const hasDockerfile = (name: string): boolean => existsSync(join(recipesDir, name, "Dockerfile"));
