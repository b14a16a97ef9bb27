import { cp, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Component } from "../component.ts";
import { type ModuleName, moduleDir } from "../module-dir.ts";
import { versions } from "../versions.ts";

/** Where each controller's own definitions of its kinds stand in its Go module. */
export const definitionDirectories: Partial<Record<ModuleName, readonly string[]>> = {
  sourceController: ["config/crd/bases"],
  kustomizeController: ["config/crd/bases"],
  helmController: ["config/crd/bases"],
  externalSecrets: ["config/crds/bases"],
  certManager: ["deploy/crds"],
  snapshotKinds: ["config/crd"],
  volsyncKinds: ["config/crd/bases"],
  externalDns: ["config/crd/standard"],
  envoyGateway: ["charts/gateway-helm/crds"],
};

const modules = Object.entries(definitionDirectories) as [ModuleName, readonly string[]][];

/**
 * The platform's CustomResourceDefinitions, a folder for each module with its directories as they are there: part of what is
 * prepared, so that a run needs neither Go nor a module proxy.
 */
export const definitionFiles: Component = {
  name: "definition files",
  needs: [],
  inputs: modules.map(([module, directories]) => ({
    text: [module, versions[module], ...directories].join(),
  })),
  output: "directory",
  build: async ({ directory, engine, run, task, signal }) => {
    for (const [module, directories] of modules) {
      task.update(`of ${module}`);
      signal.throwIfAborted();
      const root = await moduleDir(module, { engine, signal });
      for (const part of directories) {
        const target = join(directory, module, part);
        await mkdir(dirname(target), { recursive: true });
        await cp(join(root, part), target, { recursive: true });
      }
    }
    // Go's module cache is read-only, and so is a copy of it.
    await run("chmod", ["-R", "u+w", directory]);
  },
};
