import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { checkoutDir } from "../../base/index.ts";
import type { Component } from "../component.ts";
import { moduleDir } from "../module-dir.ts";
import { versions } from "../versions.ts";

/** What runs in containers, stand-ins above all: each has fixtures/<name>/main.ts. */
export const fixtureNames = [
  "github",
  "doppler",
  "copilot",
  "npm",
  "ceph",
  "operator",
  "dns-recorder",
  "openebs",
  "reloader",
] as const;

const sourceDir = join(checkoutDir, "fixtures");

/** What every bundle depends on: these folders of fixtures/, and the packages. */
function inputsOf(folders: readonly string[]): Component["inputs"] {
  return [
    ...folders.map((name) => ({ path: join(sourceDir, name) })),
    { path: join(checkoutDir, "package-lock.json") },
  ];
}

/**
 * Each as one file `<name>.js`, so that its image needs node and nothing else; `doppler-cli.js` is the program. And what
 * the storage driver speaks.
 */
export const fixtureBundles: Component = {
  name: "fixture bundles",
  needs: [],
  inputs: [...inputsOf([...fixtureNames, "stand-in", "kube"]), { text: versions.csiSpec }],
  output: "directory",
  build: async ({ directory, engine, signal }) => {
    await bundle(directory, {
      ...Object.fromEntries(fixtureNames.map((name) => [name, `${name}/main.ts`])),
      "doppler-cli": "doppler/cli.ts",
    });
    const csi = await moduleDir("csiSpec", { engine, signal });
    await copyFile(join(csi, "csi.proto"), join(directory, "csi.proto"));
  },
};

/** The stand-in for VolSync's controller, and for the script of its mover. */
export const volsyncBundles: Component = {
  name: "volsync bundles",
  needs: [],
  inputs: inputsOf(["volsync", "kube"]),
  output: "directory",
  build: ({ directory }) => bundle(directory, { manager: "volsync/main.ts", mover: "volsync/mover/main.ts" }),
};

/** Bundles entry points of fixtures/, by the name of what they become. */
export async function bundle(directory: string, entryPoints: Record<string, string>): Promise<void> {
  await build({
    entryPoints: Object.entries(entryPoints).map(([out, path]) => ({ in: join(sourceDir, path), out })),
    outdir: directory,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    logLevel: "silent",
    // Packages in CommonJS call require for node's own modules, and ask where they are; an ES module has no such names.
    banner: {
      js: [
        'import { createRequire } from "node:module";',
        "const require = createRequire(import.meta.url);",
        "const __dirname = import.meta.dirname;",
      ].join(" "),
    },
    // Optional accelerators of ws and of ssh2.
    external: ["bufferutil", "utf-8-validate", "cpu-features", "*.node"],
  });
  await writeFile(join(directory, "package.json"), '{ "type": "module" }\n');
}
