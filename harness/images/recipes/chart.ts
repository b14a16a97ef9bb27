import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isCompared, servedVersions } from "../../../fixtures/charts/app-template/versions.ts";
import { writeChart } from "../../../fixtures/charts/app-template/write-chart.ts";
import { checkoutDir, helmBinary } from "../../base/index.ts";
import type { Component } from "../component.ts";

/** Repository of the chart below its registry's host, as the OCIRepository of the manifests names it. */
export const chartRepository = "bjw-s-labs/helm";

const source = join(checkoutDir, "fixtures/charts/app-template");
const parts = [
  "Chart.yaml",
  "templates",
  "values.schema.json",
  "values.yaml",
  "versions",
  "versions.ts",
  "write-chart.ts",
];

/** Our own app-template, packaged as each version that it is served as: `app-template-<version>.tgz`. */
export const chartFromPackages: Component = {
  name: "app-template chart",
  needs: [],
  inputs: parts.map((part) => ({ path: join(source, part) })),
  output: "directory",
  build: async ({ directory, run }) => {
    for (const version of servedVersions) {
      const chart = join(directory, version);
      await mkdir(chart);
      await writeChart(version, chart);
      await run(await helmBinary(), ["package", chart, "--destination", directory]);
      await rm(chart, { recursive: true });
    }
  },
};

/** The real ones, as far as they are known to have been released. */
export const chartFromRegistry: Component = {
  name: "app-template chart",
  needs: [],
  inputs: [{ text: realVersions().join() }],
  output: "directory",
  build: async ({ directory, run }) => {
    for (const version of realVersions()) {
      const reference = `oci://ghcr.io/${chartRepository}/app-template`;
      await run(await helmBinary(), ["pull", reference, "--version", version, "--destination", directory]);
    }
  },
};

function realVersions(): string[] {
  return servedVersions.filter(isCompared);
}

/** The packaged charts in the output of either, as paths. */
export async function chartFiles(directory: string): Promise<string[]> {
  const files = await readdir(directory);
  return files.filter((file) => file.endsWith(".tgz")).map((file) => join(directory, file));
}
