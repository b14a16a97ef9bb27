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
  opencodeProgram,
  playwrightRuntime,
  ripgrepProgram,
} from "./recipes/downloads.ts";
import { externalSecrets } from "./recipes/external-secrets.ts";
import { fixtureBundles } from "./recipes/fixture-bundles.ts";
import { goComponents } from "./recipes/go-binaries.ts";
import { imageFromPackages, imageFromRegistry } from "./recipes/image.ts";
import { mirror } from "./recipes/mirror.ts";
import { store } from "./recipes/store.ts";
import type { Source } from "./source.ts";

/** Everything that this source can prepare. Reading the lists is reading how the world is made. */
export function componentsOf(source: Source, caPem: string): Component[] {
  return source === "packages" ? fromPackages(caPem) : fromRegistry(caPem);
}

/** What a run uses; the rest is only there to make it. k3s brings its own store layout, so it gets no prepared one. */
export function goalsOf(source: Source): string[] {
  const common = [...catalogueEntries.map(([name]) => name), definitionFiles.name, mirror.name];
  return source === "packages" ? [...common, store.name] : common;
}

function fromPackages(caPem: string): Component[] {
  return [
    mmdebstrap,
    debianRoot("base"),
    debianRoot("node-base"),
    debianRoot("browser-base"),
    ...goComponents(),
    externalSecrets,
    envoyProgram,
    opencodeProgram,
    muslLibraries,
    ripgrepProgram,
    nodeRuntime,
    playwrightRuntime,
    npmArchives,
    fixtureBundles,
    ...catalogueEntries.map(([name, entry]) => imageFromPackages(name, entry, caPem)),
    chartFromPackages,
    definitionFiles,
    mirror,
    store,
  ];
}

function fromRegistry(caPem: string): Component[] {
  return [
    debianRootFromRegistry("base"),
    debianRootFromRegistry("browser-base"),
    nodeRuntime,
    playwrightRuntime,
    npmArchives,
    fixtureBundles,
    ...catalogueEntries.map(([name, entry]: [string, CatalogueEntry]) =>
      entry.ownWork ? imageFromPackages(name, entry, caPem) : imageFromRegistry(name, entry, caPem),
    ),
    chartFromRegistry,
    definitionFiles,
    mirror,
  ];
}
