import { type CatalogueEntry, catalogueEntries } from "./catalogue.ts";
import type { Component } from "./component.ts";
import { chartFromPackages, chartFromRegistry } from "./recipes/chart.ts";
import { debianRoot, debianRootFromRegistry, mmdebstrap } from "./recipes/debian.ts";
import { definitionFiles } from "./recipes/definition-files.ts";
import {
  envoyProgram,
  muslLibraries,
  nodeRuntime,
  npmArchives,
  olderOpencodeProgram,
  opencodeForPersons,
  opencodeProgram,
  playwrightRuntime,
  resticProgram,
  ripgrepProgram,
} from "./recipes/downloads.ts";
import { externalSecrets } from "./recipes/external-secrets.ts";
import { fixtureBundles, volsyncBundles } from "./recipes/fixture-bundles.ts";
import { goComponents } from "./recipes/go-binaries.ts";
import { imageFromPackages, imageFromRegistry } from "./recipes/image.ts";
import { kubectlProgram } from "./recipes/kubectl.ts";
import { mirror } from "./recipes/mirror.ts";
import { moduleProgramComponents } from "./recipes/module-programs.ts";
import { store } from "./recipes/store.ts";
import type { Source } from "./source.ts";

/** Everything that this source can prepare. Reading the lists is reading how the world is made. */
export function componentsOf(source: Source): Component[] {
  return source === "packages" ? fromPackages() : fromRegistry();
}

/**
 * What a run uses; the rest is only there to make it: the images of the cluster's pods are in the mirror, and in the store
 * that nodes start from. k3s brings its own store layout, so it gets no prepared one.
 */
export function goalsOf(source: Source): string[] {
  const started = catalogueEntries.filter(([, entry]) => startsInEngine(entry)).map(([name]) => name);
  const common = [...started, definitionFiles.name, mirror.name];
  return source === "packages" ? [...common, store.name] : common;
}

/** The stand-ins' image is both: the storage driver runs in the cluster. */
const startsInEngine = ({ runsIn }: CatalogueEntry) => runsIn !== "cluster";

function fromPackages(): Component[] {
  return [
    mmdebstrap,
    debianRoot("base"),
    debianRoot("node-base"),
    debianRoot("browser-base"),
    ...goComponents(),
    ...moduleProgramComponents(),
    externalSecrets,
    envoyProgram,
    opencodeProgram,
    olderOpencodeProgram,
    opencodeForPersons,
    muslLibraries,
    ripgrepProgram,
    nodeRuntime,
    playwrightRuntime,
    resticProgram,
    npmArchives,
    kubectlProgram,
    fixtureBundles,
    volsyncBundles,
    ...catalogueEntries.map(([name, entry]) => imageFromPackages(name, entry)),
    chartFromPackages,
    definitionFiles,
    mirror,
    store,
  ];
}

function fromRegistry(): Component[] {
  return [
    debianRootFromRegistry("base"),
    debianRootFromRegistry("browser-base"),
    nodeRuntime,
    opencodeForPersons,
    playwrightRuntime,
    npmArchives,
    kubectlProgram,
    fixtureBundles,
    ...catalogueEntries.map(([name, entry]: [string, CatalogueEntry]) =>
      entry.ownWork ? imageFromPackages(name, entry) : imageFromRegistry(name, entry),
    ),
    chartFromRegistry,
    definitionFiles,
    mirror,
  ];
}
