import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkoutDir } from "../../base/index.ts";
import type { Component } from "../component.ts";
import { moduleDir } from "../module-dir.ts";
import { goEnvironment, requireGo } from "./go.ts";
import { programName } from "./go-binaries.ts";

const recipeDir = join(checkoutDir, "fixtures/images/external-secrets");
const module = "github.com/external-secrets/external-secrets";

/** What stays of the two registries; every other provider brings a cloud's SDK. */
const kept = ["doppler", "webhook", "fake", "kubernetes"];

/** The real External Secrets with four of its providers, from a copy of its module. */
export const externalSecrets: Component = {
  name: programName("external-secrets"),
  needs: [],
  inputs: [{ path: join(recipeDir, "go.mod") }, { path: join(recipeDir, "go.sum") }, { text: kept.join() }],
  output: "directory",
  build: async ({ directory, engine, run, task, signal }) => {
    await requireGo();
    const copy = join(directory, "external-secrets-copy");
    task.update("downloading the module");
    await cp(await moduleDir("externalSecrets", { engine, signal }), copy, { recursive: true });
    // The module cache is read-only, and so is a copy of it.
    await run("chmod", ["-R", "u+w", copy]);
    for (const kind of ["provider", "generator"]) {
      const file = join(copy, "pkg", kind, "register/register.go");
      await writeFile(file, keepProviders(await readFile(file, "utf8"), kept));
    }
    await cp(join(recipeDir, "go.mod"), join(directory, "go.mod"));
    await cp(join(recipeDir, "go.sum"), join(directory, "go.sum"));
    const args = ["build", "-v", "-ldflags", "-s -w", "-o", join(directory, "external-secrets"), module];
    await run("go", args, { cwd: directory, env: goEnvironment });
    await rm(copy, { recursive: true, force: true });
  },
};

/** Drops the blank imports of all providers and generators but those named. */
export function keepProviders(source: string, names: readonly string[]): string {
  const isDropped = (line: string) => {
    const match = /^\s*_ ".*\/pkg\/(?:provider|generator)\/([\w-]+)(?:\/[\w-]+)*"/.exec(line);
    return match !== null && !names.includes(match[1] ?? "");
  };
  return source
    .split("\n")
    .filter((line) => !isDropped(line))
    .join("\n");
}
