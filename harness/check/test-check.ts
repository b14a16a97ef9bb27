import { join } from "node:path";
import { checkoutDir } from "../base/index.ts";
import type { Tree } from "../gitops/index.ts";
import { type CheckResult, checkTree } from "./check-tree.ts";

const manifests = join(checkoutDir, "manifests");

/** manifests/ in the small home, edited. For tests. */
export const checked = (edit: (tree: Tree) => void): Promise<CheckResult> => checkTree({ manifests }, edit);

export const app = "kubernetes/apps/opencode/opencode-ha/app";
export const release = `${app}/helmrelease.yaml`;
export const secret = `${app}/externalsecret.yaml`;
export const ks = "kubernetes/apps/opencode/opencode-ha/ks.yaml";
export const certificate = "kubernetes/apps/opencode/opencode-certificate/app/certificate.yaml";

/** Another text in a file. */
export const text = (file: string, from: string, to: string) => (tree: Tree) =>
  tree.replaceText(file, from, to);

/** A manifest more beside those of the workspace. */
export const added = (file: string, content: string) => (tree: Tree) => {
  tree.add(`${app}/${file}`, content);
  tree.replaceText(
    `${app}/kustomization.yaml`,
    "  - ./helmrelease.yaml\n",
    `  - ./helmrelease.yaml\n  - ./${file}\n`,
  );
};
