import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { checkoutDir } from "../../base/index.ts";
import type { Component } from "../component.ts";

/** What runs in containers, stand-ins above all: each has fixtures/<name>/main.ts. */
export const fixtureNames = ["github", "doppler", "copilot", "npm", "ceph", "operator"] as const;

const sourceDir = join(checkoutDir, "fixtures");

/** Each as one file `<name>.js`, so that its image needs node and nothing else; `doppler-cli.js` is the program. */
export const fixtureBundles: Component = {
  name: "fixture bundles",
  needs: [],
  inputs: [
    ...[...fixtureNames, "stand-in"].map((name) => ({ path: join(sourceDir, name) })),
    { path: join(checkoutDir, "package-lock.json") },
  ],
  output: "directory",
  build: async ({ directory }) => {
    await build({
      entryPoints: [
        ...fixtureNames.map((name) => ({ in: join(sourceDir, name, "main.ts"), out: name })),
        { in: join(sourceDir, "doppler/cli.ts"), out: "doppler-cli" },
      ],
      outdir: directory,
      bundle: true,
      platform: "node",
      target: "node24",
      format: "esm",
      logLevel: "silent",
      // Packages in CommonJS call require for node's own modules, which an ES module does not have.
      banner: {
        js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
      },
      // Optional accelerators of ws.
      external: ["bufferutil", "utf-8-validate"],
    });
    await writeFile(join(directory, "package.json"), '{ "type": "module" }\n');
  },
};
