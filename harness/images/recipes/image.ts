import { existsSync } from "node:fs";
import { chmod, copyFile, cp, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkoutDir } from "../../base/index.ts";
import type { Engine } from "../../engine/index.ts";
import type { CatalogueEntry, FromPackages } from "../catalogue.ts";
import type { Component, Input, Job } from "../component.ts";
import { pinned } from "../digests.ts";
import { programName } from "./go-binaries.ts";

const recipesDir = join(checkoutDir, "fixtures/images");
const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * An image made of what the other components built. None trusts anybody in particular: what a run is to trust comes with
 * the run (cluster/base-spec.ts).
 */
export function imageFromPackages(name: string, { fromPackages: recipe }: CatalogueEntry): Component {
  return recipe.kind === "static" ? staticImage(name, recipe) : debianImage(name, recipe);
}

type Static = Extract<FromPackages, { kind: "static" }>;

/** One layer: the program where upstream has it, and a /tmp. */
function staticImage(name: string, recipe: Static): Component {
  return {
    name,
    needs: [programName(recipe.binary)],
    inputs: [{ text: JSON.stringify(recipe) }],
    output: "image",
    build: async ({ directory, output, outputOf, run, docker }) => {
      const root = join(directory, "root");
      await mkdir(join(root, "tmp"), { recursive: true });
      const target = join(root, recipe.path);
      await mkdir(dirname(target), { recursive: true });
      await copyFile(join(outputOf(programName(recipe.binary)), recipe.binary), target);
      await openToAll(root, run);
      await chmod(join(root, "tmp"), 0o1777);
      const tar = join(directory, "root.tar");
      await run("tar", ["--owner=0", "--group=0", "-C", root, "-cf", tar, "."]);
      const changes = [`ENTRYPOINT ["${recipe.path}"]`, `USER ${recipe.user}`, `ENV ${path}`];
      await docker(["import", ...changes.flatMap((change) => ["--change", change]), tar, output]);
    },
  };
}

type Debian = Extract<FromPackages, { kind: "debian" }>;

/** fixtures/images/<name>/Dockerfile with the built files in its context. */
function debianImage(name: string, recipe: Debian): Component {
  const root = `debian ${recipe.root}`;
  const files = Object.entries(recipe.files);
  const context = join(recipesDir, recipe.recipe ?? name);
  const inputs: Input[] = [{ path: context }, { text: JSON.stringify(recipe) }];
  return {
    name,
    needs: [root, ...new Set(files.map(([, { component }]) => component))],
    inputs,
    output: "image",
    build: async ({ directory, output, outputOf, run, docker }) => {
      await cp(context, directory, { recursive: true });
      for (const [target, { component, path }] of files) {
        const options = { recursive: true, verbatimSymlinks: true };
        await cp(join(outputOf(component), path), join(directory, target), options);
      }
      await openToAll(directory, run);
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

/**
 * What goes into an image is read and run by whatever user a pod has. Whoever prepares it, or has checked this out, may have a
 * umask that keeps files to himself, or one that lets everybody write; an image is known by its recipe alone, and would stay so.
 */
const openToAll = (directory: string, run: Job["run"]): Promise<void> =>
  run("chmod", ["-R", "a+rX,go-w", directory]);

/** The upstream image as it is. */
export function imageFromRegistry(name: string, entry: CatalogueEntry): Component {
  const source = pinned(entry.reference);
  return {
    name,
    needs: [],
    inputs: [{ text: source }],
    output: "image",
    build: async ({ output, docker, engine, task }) => {
      await docker(["pull", "--quiet", source]);
      if (source === entry.reference) task.note(await digestNote(engine, source));
      await docker(["tag", source, output]);
    },
  };
}

/** What has to be noted in digests.ts for an image that is not there. */
async function digestNote(engine: Engine, reference: string): Promise<string> {
  const inspect = ["image", "inspect", "--format", "{{index .RepoDigests 0}}", reference];
  const { stdout } = await engine.docker(inspect, { reject: false });
  return `${reference} was taken by its tag; its content is ${stdout.split("@").at(-1)?.trim() || "unknown"}`;
}

/** For the catalogue's test. */
export const hasDockerfile = (name: string): boolean => existsSync(join(recipesDir, name, "Dockerfile"));
