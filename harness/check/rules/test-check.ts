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
export const kustomization = `${app}/kustomization.yaml`;

/** A file of the second workspace. */
export const flux = (path: string) => `kubernetes/apps/opencode/opencode-flux/${path}`;
export const fluxRelease = flux("app/helmrelease.yaml");
export const fluxSecret = flux("app/externalsecret.yaml");

/** What both workspaces stand on. */
export const documents = "kubernetes/apps/opencode";
export const lostNode = `${documents}/node-lost.md`;
export const namespace = `${documents}/namespace.yaml`;
export const backup = "kubernetes/templates/volsync/minio.yaml";
export const claim = "kubernetes/templates/volsync/claim.yaml";
export const issuer = "kubernetes/apps/cert-manager/cert-manager/issuers/clusterissuer.yaml";
export const store = "kubernetes/apps/external-secrets/external-secrets/stores/clustersecretstore.yaml";
export const reloader = "kubernetes/apps/kube-system/reloader/app/helmrelease.yaml";
export const gateways = "kubernetes/apps/network/envoy-gateway/app/gateways.yaml";
export const seed = "scripts/seed-copilot-auth.sh";

/** A file of the StatefulSet in fixtures/trees/statefulset. */
export const coder = (file: string) => `kubernetes/apps/dev/coder/app/${file}`;

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

/** One more line of the script that copies the login, at its beginning. */
export const seeding = (line: string, file = release): Edit =>
  text(file, "                umask 077\n", `                umask 077\n                ${line}\n`);

/** One more field of OpenCode's container. */
export const containerOption = (lines: string) =>
  text(
    release,
    "            workingDir: /workspace",
    `            ${lines}\n            workingDir: /workspace`,
  );

/** Another limit of the memory that OpenCode may take. */
export const memoryLimit = (memory: string) =>
  text(release, "                memory: 1Gi\n", `                memory: ${memory}\n`);

/** The command of the first workspace's script that clones. */
export const cloneCommand = 'clone "$REPOSITORY_URL"';

/** Where the first workspace limits the processor that OpenCode may take. */
export const cpuLimit = "              limits:\n                cpu: 500m\n                # Not";

/** One more variable of OpenCode's container. */
export const variable = (line: string, file = release): Edit =>
  text(
    file,
    '              OPENCODE_DISABLE_AUTOUPDATE: "true"\n',
    `              OPENCODE_DISABLE_AUTOUPDATE: "true"\n              ${line}\n`,
  );

/** More of the policy for the workspace's traffic. */
export const traffic = (lines: string) =>
  text(policy, "  timeout:\n    http:\n", `${lines}  timeout:\n    http:\n`);

/** Another text in a document. */
export const document = (name: string, from: string, to: string) => text(`${documents}/${name}.md`, from, to);

/** Several edits as one. */
export const both =
  (...edits: Edit[]): Edit =>
  (tree) => {
    for (const edit of edits) edit(tree);
  };

/** Another text wherever it stands in a file. */
export const every =
  (file: string, from: string, to: string): Edit =>
  (tree) => {
    const before = tree.text(file);
    tree.replaceText(file, before, before.replaceAll(from, to));
  };

/** A script's line of several, as deep as it stands in the release. */
export const lines = (...all: string[]) => all.join(`\n${" ".repeat(16)}`);

/** A manifest more beside those of the workspace. */
export const added = (file: string, content: string) => (tree: Tree) => {
  tree.add(`${app}/${file}`, content);
  tree.replaceText(
    `${app}/kustomization.yaml`,
    "  - ./helmrelease.yaml\n",
    `  - ./helmrelease.yaml\n  - ./${file}\n`,
  );
};

/** A manifest more, called as its file is. */
export const manifest = (file: string, group: string, kind: string, spec: string): Edit =>
  added(
    file,
    `apiVersion: ${group}\nkind: ${kind}\nmetadata: { name: ${file.replace(".yaml", "")} }\nspec:\n${spec}`,
  );

/** One manifest more of any kind. */
export const resource = (name: string, version: string, kind: string, spec: string) =>
  added(
    `${name}.yaml`,
    `apiVersion: ${version}\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`,
  );

/** Where the home's secrets come from. */
export const fromStore = "secretStoreRef: { name: doppler-secrets, kind: ClusterSecretStore }";

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

/** Right ways to write a thing, of which certain rules say nothing: others may. */
export async function expectUntold(ids: readonly string[], edits: readonly Edit[], name = "manifests") {
  const { findings } = await edited(name, edits);
  expect(findings.filter(({ id }) => ids.includes(id) || /stumbles/.test(id))).toEqual([]);
}

/** What is said under these rules, each with its weight first. */
export async function told(
  name: string,
  rules: readonly string[],
  edits: readonly Edit[],
): Promise<string[]> {
  const { findings } = await edited(name, edits);
  return findings.filter(({ id }) => rules.includes(id)).map((one) => `${one.severity}: ${one.message}`);
}

/** A mistake that has a tree of its own, and what the check must say of it: the rule, the line that it points at, the words. */
export interface LoneMistake {
  rule: string;
  title: string;
  edit(tree: Tree): void;
  line: RegExp;
  message: RegExp;
  remedy?: RegExp;
}

/** Such a mistake is found. */
export async function expectTold({ rule, edit, line, message, remedy }: LoneMistake): Promise<void> {
  const { findings, home } = await checked(edit);
  const found = findings.filter(({ id, message: said }) => id === rule && message.test(said));
  expect(findings.map(({ id, message }) => `${id}: ${message}`)).toContainEqual(
    expect.stringMatching(message),
  );
  const [first] = found;
  expect(first?.file).toBeDefined();
  expect(home.tree.text(first?.file ?? "").split("\n")[(first?.line ?? 0) - 1]).toMatch(line);
  if (remedy) expect(first?.remedy).toMatch(remedy);
}
