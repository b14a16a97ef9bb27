import { join } from "node:path";
import { checkoutDir, helmBinary } from "../../base/index.ts";
import type { Component } from "../component.ts";
import { versions } from "../versions.ts";

/** Repository of the chart below its registry's host, as the OCIRepository of the manifests names it. */
export const chartRepository = "bjw-s-labs/helm";
export const chartFile = `app-template-${versions.appTemplate}.tgz`;

const source = join(checkoutDir, "fixtures/charts/app-template");

/** Our own app-template, packaged. */
export const chartFromPackages: Component = {
  name: "app-template chart",
  needs: [],
  inputs: [{ path: source }],
  output: "directory",
  build: async ({ directory, run }) => {
    await run(await helmBinary(), [
      "package",
      source,
      "--version",
      versions.appTemplate,
      "--destination",
      directory,
    ]);
  },
};

/** The real one. */
export const chartFromRegistry: Component = {
  name: "app-template chart",
  needs: [],
  inputs: [{ text: versions.appTemplate }],
  output: "directory",
  build: async ({ directory, run }) => {
    const reference = `oci://ghcr.io/${chartRepository}/app-template`;
    const args = ["pull", reference, "--version", versions.appTemplate, "--destination", directory];
    await run(await helmBinary(), args);
  },
};
