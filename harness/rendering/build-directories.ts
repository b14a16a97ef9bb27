import { isUtf8 } from "node:buffer";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { kubectlBinary, Remembered, scratchDirectory } from "../base/index.ts";
import { Tree, type TreeFile } from "../gitops/index.ts";
import { digestOfReads } from "./build-reads.ts";
import { asJson, confined, confinedTree } from "./confined.ts";
import type { KustomizationFile } from "./kustomization-file.ts";
import { runOnItsOwn } from "./on-its-own.ts";
import { Pool } from "./pool.ts";
import { openedText } from "./sops.ts";

/** What kustomize printed, or its words why it did not, with paths as in the tree. */
export type Built = { text: string } | { failure: string };

/** Of all trees of this process: one tree and its edits differ in few builds. */
const remembered = new Remembered<Promise<Built>>(500);

/**
 * Copies of a tree in which kustomize builds: as many as builds run at once, since each puts a kustomization file of its own
 * into the directory that it builds.
 */
export class BuildDirectories implements AsyncDisposable {
  readonly #root: string;
  readonly #tree: Tree;
  readonly #copies: Pool<string>;
  readonly #written = new Map<string, Promise<void>>();
  readonly #built = new Map<string, Promise<Built>>();

  private constructor(root: string, tree: Tree, copies: string[]) {
    this.#root = root;
    this.#tree = tree;
    this.#copies = new Pool(copies);
  }

  static async of(whole: Tree): Promise<BuildDirectories> {
    // In this order: what is confined stays as it is written.
    const tree = confinedTree(opened(whole));
    const root = await scratchDirectory("rendering");
    const count = Math.min(4, Math.max(2, availableParallelism()));
    const copies = Array.from({ length: count }, (_, index) => join(root, String(index)));
    return new BuildDirectories(root, tree, copies);
  }

  /** Builds the directory of this file, with it in place. What was built once is not built again. */
  async build(file: KustomizationFile, signal?: AbortSignal): Promise<Built> {
    if ([...this.#tree.files.keys()].some((path) => path.startsWith(`${file.path}/`)))
      return { failure: `${file.path} is a directory` };
    const key = `${file.path}\n${file.text}`;
    const known = this.#built.get(key);
    if (known) return known;
    const make = () => this.#copies.use((copy) => this.#buildIn(copy, file, signal));
    const digest = digestOfReads(this.#tree, file);
    const building = digest === undefined ? make() : remembered.get(digest, make);
    this.#built.set(key, building);
    return building;
  }

  async #buildIn(copy: string, file: KustomizationFile, signal?: AbortSignal): Promise<Built> {
    await this.#write(copy);
    const path = join(copy, file.path);
    const before = this.#tree.files.get(file.path);
    await writeFile(path, asJson(confined(this.#tree, file.path, JSON.parse(file.text))));
    try {
      return await kustomize(copy, dirname(path), signal);
    } finally {
      if (before) await writeFile(path, before.content);
      else await rm(path);
    }
  }

  /** Once, and only if something is built there. */
  #write(copy: string): Promise<void> {
    const writing = this.#written.get(copy) ?? write(this.#tree, copy);
    this.#written.set(copy, writing);
    return writing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What still writes would put files into what is removed.
    await Promise.allSettled(this.#built.values());
    await rm(this.#root, { recursive: true, force: true });
  }
}

async function write(tree: Tree, copy: string): Promise<void> {
  const directories = new Set([...tree.files.keys()].map((path) => dirname(join(copy, path))));
  for (const directory of directories) await mkdir(directory, { recursive: true });
  for (const [path, { content }] of tree.files) await writeFile(join(copy, path), content);
}

function opened(tree: Tree): Tree {
  const files = [...tree.files].map(([path, { mode, content }]): [string, TreeFile] => {
    const isText = mode !== "120000" && isUtf8(content);
    return [path, { mode, content: isText ? Buffer.from(openedText(content.toString("utf8"))) : content }];
  });
  return new Tree(files);
}

async function kustomize(copy: string, directory: string, signal?: AbortSignal): Promise<Built> {
  const args = ["kustomize", "--load-restrictor", "LoadRestrictionsNone", directory];
  const { text, words } = await runOnItsOwn(await kubectlBinary(), args, dirname(copy), signal);
  if (text !== undefined) return { text };
  return {
    failure: words
      .replaceAll(`${copy}/`, "")
      .replaceAll(copy, ".")
      // Of fields that will be gone some day: they stand before what has failed.
      .replaceAll(/^# Warning: .*\n?/gm, "")
      .replace(/^error: /, "")
      .trim(),
  };
}
