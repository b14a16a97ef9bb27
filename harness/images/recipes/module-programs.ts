import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Component } from "../component.ts";
import { type ModuleName, moduleDir } from "../module-dir.ts";
import { versions } from "../versions.ts";
import { goEnvironment, requireGo } from "./go.ts";
import { programName } from "./go-binaries.ts";

interface ModuleProgram {
  module: ModuleName;
  /** The package with its main, from the module's root. */
  package: string;
  /** Go files that list one implementation a line, and the names of those that stay; the others bring a cloud's SDK. */
  keep?: Record<string, string[]>;
}

/**
 * Programs whose module builds alone: in a copy of it, by its own go.mod and go.sum. Their dependencies are others than
 * those of the one module in fixtures/images/stack.
 */
export const modulePrograms = {
  "external-dns": {
    module: "externalDns",
    package: ".",
    keep: {
      "provider/factory/provider.go": ["webhook"],
      "registry/factory/registry.go": ["noop", "txt"],
    },
  },
  versitygw: { module: "versitygw", package: "./cmd/versitygw" },
} as const satisfies Record<string, ModuleProgram>;

export function moduleProgramComponents(): Component[] {
  return Object.entries(modulePrograms).map(([name, program]) => moduleProgram(name, program));
}

function moduleProgram(name: string, { module, package: main, keep = {} }: ModuleProgram): Component {
  return {
    name: programName(name),
    needs: [],
    inputs: [{ text: versions[module] }, { text: main }, { text: JSON.stringify(keep) }],
    output: "directory",
    build: async ({ directory, engine, run, task, signal }) => {
      await requireGo();
      const copy = join(directory, "module");
      task.update("downloading the module");
      await cp(await moduleDir(module, { engine, signal }), copy, { recursive: true });
      // The module cache is read-only, and so is a copy of it.
      await run("chmod", ["-R", "u+w", copy]);
      for (const [file, names] of Object.entries(keep)) {
        await writeFile(join(copy, file), keepOnly(await readFile(join(copy, file), "utf8"), names));
      }
      const args = ["build", "-v", "-ldflags", "-s -w", "-o", join(directory, name), main];
      await run("go", args, { cwd: copy, env: goEnvironment });
      await rm(copy, { recursive: true, force: true });
    },
  };
}

/**
 * Of a Go file that imports implementations from the folder beside its own and lists them as `pkg.Some: name.New,`,
 * those that are named stay.
 */
export function keepOnly(source: string, names: readonly string[]): string {
  const isDropped = (line: string) => {
    const imported = /^\t"[^"]+\/(?:provider|registry)\/(\w+)"$/.exec(line);
    const listed = /^\t+\w+\.\w+: +(\w+)\.New\w*,$/.exec(line);
    const name = imported?.[1] ?? listed?.[1];
    return name !== undefined && !names.includes(name);
  };
  return source
    .split("\n")
    .filter((line) => !isDropped(line))
    .join("\n");
}
