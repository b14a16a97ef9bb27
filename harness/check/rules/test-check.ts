import { join } from "node:path";
import { expect } from "vitest";
import { checkoutDir } from "../../base/index.ts";
import type { Tree } from "../../gitops/index.ts";
import { type CheckResult, checkTree } from "../check-tree.ts";

const manifests = join(checkoutDir, "manifests");

/** manifests/ in the small home, edited. For tests. */
export const checked = (edit: (tree: Tree) => void): Promise<CheckResult> => checkTree({ manifests }, edit);

export const app = "kubernetes/apps/opencode/opencode-ha/app";
export const release = `${app}/helmrelease.yaml`;
export const source = `${app}/ocirepository.yaml`;
export const policy = `${app}/backendtrafficpolicy.yaml`;
export const secret = `${app}/externalsecret.yaml`;
export const ks = "kubernetes/apps/opencode/opencode-ha/ks.yaml";
export const certificate = "kubernetes/apps/opencode/opencode-certificate/app/certificate.yaml";

/** Another text in a file. */
export const text = (file: string, from: string, to: string) => (tree: Tree) =>
  tree.replaceText(file, from, to);

/** One more variable that Flux puts into the workspace's manifests. */
export const substitute = (line: string) =>
  text(ks, "      VOLSYNC_CAPACITY: 5Gi\n", `      VOLSYNC_CAPACITY: 5Gi\n      ${line}\n`);

/** One more field of the pods. */
export const podOption = (line: string, file = release) =>
  text(file, "    defaultPodOptions:\n", `    defaultPodOptions:\n      ${line}\n`);

/** One more line of the script that clones, before its last sync. */
export const beforeSync = (line: string) =>
  text(release, "                sync\n", `                ${line}\n                sync\n`);

/** A manifest more beside those of the workspace. */
export const added = (file: string, content: string) => (tree: Tree) => {
  tree.add(`${app}/${file}`, content);
  tree.replaceText(
    `${app}/kustomization.yaml`,
    "  - ./helmrelease.yaml\n",
    `  - ./helmrelease.yaml\n  - ./${file}\n`,
  );
};

export type Edit = (tree: Tree) => void;
/** A mistake: its edit, the rule that finds it, the line that it points at, and words of message or remedy. */
export type Mistake = [edit: Edit, rule: string, line: RegExp, words: RegExp];

const edited = (name: string, edits: readonly Edit[]) =>
  checkTree({ manifests: join(checkoutDir, name) }, (tree) => {
    for (const edit of edits) edit(tree);
  });

/** Makes all mistakes in one tree, since each rendering takes its time: each is found by its rule, with its line. */
export async function expectFound(name: string, mistakes: readonly Mistake[]): Promise<void> {
  const { findings, home } = await edited(
    name,
    mistakes.map(([edit]) => edit),
  );
  for (const [, rule, line, words] of mistakes) {
    const lineOf = (one: { file?: string; line?: number }) =>
      home.tree.text(one.file ?? "").split("\n")[(one.line ?? 0) - 1] ?? "";
    const found = findings.filter(({ id }) => id === rule);
    expect
      .soft(found.map((one) => `${rule} «${lineOf(one)}» ${one.message} -> ${one.remedy}`))
      .toContainEqual(
        expect.stringMatching(new RegExp(`«[^»]*${line.source.replace(/\$$/, "")}[^»]*».*${words.source}`)),
      );
  }
}

/** Other ways to write what is right. */
export async function expectNothing(name: string, edits: readonly Edit[]): Promise<void> {
  const { findings } = await edited(name, edits);
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
}

/** Other ways to write what is right, about which there is nothing to judge either. */
export async function expectSilence(name: string, edits: readonly Edit[]): Promise<void> {
  const { findings } = await edited(name, edits);
  expect(findings).toEqual([]);
}
