import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { HarnessError } from "../base/index.ts";
import { manifestYaml } from "./go-yaml.ts";
import { editedYaml } from "./yaml-edit/edited-yaml.ts";

export interface TreeFile {
  /** As git writes it: a file, an executable, a symbolic link whose target is the content. */
  mode: "100644" | "100755" | "120000";
  content: Buffer;
}

/** An object of a manifest as it stands in its file, variables not substituted. */
export interface ManifestObject {
  apiVersion?: string;
  kind?: string;
  metadata?: { name?: string; namespace?: string };
  spec?: Record<string, unknown>;
  [field: string]: unknown;
}

/** Which object is meant; the name as it stands in the file, for instance `${APP}`. */
export interface ManifestName {
  kind: string;
  name: string;
  namespace?: string;
}

/**
 * A tree of manifests in memory, which mutants edit; the files on disk stay as they are. Every edit that changes
 * nothing is an error, because a mutant that does nothing proves nothing.
 */
export class Tree {
  readonly #files: Map<string, TreeFile>;

  constructor(files: Iterable<[string, TreeFile]>) {
    this.#files = new Map(files);
  }

  /** Paths are relative to the tree, with slashes. */
  static of(texts: Iterable<[string, string]>): Tree {
    return new Tree([...texts].map(([path, text]) => [path, { mode: "100644", content: Buffer.from(text) }]));
  }

  get files(): ReadonlyMap<string, TreeFile> {
    return this.#files;
  }

  /** A tree of its own with the same files. */
  copy(): Tree {
    return new Tree(this.#files);
  }

  /** Writes it below the directory, as git checks it out. */
  async writeTo(directory: string): Promise<void> {
    for (const [path, { mode, content }] of this.#files) {
      const file = join(directory, path);
      await mkdir(dirname(file), { recursive: true });
      if (mode === "120000") await symlink(content.toString(), file);
      else await writeFile(file, content, { mode: mode === "100755" ? 0o755 : 0o644 });
    }
  }

  text(path: string): string {
    return this.#file(path).content.toString("utf8");
  }

  /** Replaces `from`, wherever it stands in the file; it must stand there. */
  replaceText(path: string, from: string, to: string): void {
    const text = this.text(path);
    if (!text.includes(from)) throw unchanged(`${path} does not contain the text to replace`, from);
    this.#write(path, text.replaceAll(from, to));
  }

  /**
   * Edits the one object of this kind and name, wherever in the tree it stands, as kustomize reads it. Of its file only what
   * the edit changes is written anew; comments, quotes and the forms of numbers stay.
   */
  editObject(wanted: ManifestName, edit: (object: Record<string, unknown>) => void): void {
    const { path } = this.#find(wanted);
    const text = this.text(path);
    const documents = documentsIn(text);
    const index = documents.findIndex((object) => object !== undefined && isMeant(object, wanted));
    const object = documents[index] as Record<string, unknown>;
    edit(object);
    const edited = editedYaml(text, index, JSON.parse(JSON.stringify(object)));
    if (edited === text) throw unchanged(`the edit of ${nameOf(wanted)} in ${path} changes nothing`);
    this.#write(path, edited);
  }

  add(path: string, text: string): void {
    if (this.#files.has(path)) throw unchanged(`${path} is there already`);
    this.#files.set(path, { mode: "100644", content: Buffer.from(text) });
  }

  remove(path: string): void {
    this.#file(path);
    this.#files.delete(path);
  }

  /** Every object of every YAML file, in the order of the paths; to be looked at, not changed. */
  objects(kind?: string): { path: string; object: ManifestObject }[] {
    const yaml = [...this.#files.keys()].filter((path) => /\.ya?ml$/.test(path)).sort();
    // Reading is what takes time, and most files have no word of the kind.
    const worth = yaml.filter((path) => kind === undefined || this.#file(path).content.includes(kind));
    const all = worth.flatMap((path) => objectsOf(this.#file(path)).map((object) => ({ path, object })));
    return kind === undefined ? all : all.filter(({ object }) => object.kind === kind);
  }

  #find(wanted: ManifestName): { path: string } {
    const found = this.objects(wanted.kind).filter(({ object }) => isMeant(object, wanted));
    const [first] = found;
    if (!first) throw unchanged(`no file of the tree has ${nameOf(wanted)}`);
    if (found.length > 1) {
      throw unchanged(
        `${nameOf(wanted)} stands in the tree ${found.length} times`,
        found.map(({ path }) => path).join("\n"),
      );
    }
    return first;
  }

  #file(path: string): TreeFile {
    const file = this.#files.get(path);
    if (!file) throw unchanged(`the tree has no file ${path}`, [...this.#files.keys()].join("\n"));
    return file;
  }

  #write(path: string, text: string): void {
    this.#files.set(path, { mode: this.#file(path).mode, content: Buffer.from(text) });
  }
}

/** Of files that were read before; a file that changes has other content. */
const read = new WeakMap<Buffer, ManifestObject[]>();

function objectsOf({ content }: TreeFile): ManifestObject[] {
  const objects = read.get(content) ?? objectsIn(content.toString("utf8"));
  read.set(content, objects);
  return objects;
}

function objectsIn(text: string): ManifestObject[] {
  return documentsIn(text).filter((object) => object !== undefined);
}

/** Undefined for a document that is no object. */
function documentsIn(text: string): (ManifestObject | undefined)[] {
  const contents = parseAllDocuments(text, manifestYaml).map(contentOf);
  return contents.map((object) =>
    typeof object === "object" && object !== null ? (object as ManifestObject) : undefined,
  );
}

/** Nothing, where an alias has no anchor: a file that nobody applies may be anything. */
function contentOf(document: { toJS(): unknown }): unknown {
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}

function isMeant({ kind, metadata }: ManifestObject, wanted: ManifestName): boolean {
  if (kind !== wanted.kind || metadata?.name !== wanted.name) return false;
  return wanted.namespace === undefined || metadata.namespace === wanted.namespace;
}

function nameOf({ kind, namespace, name }: ManifestName): string {
  return `${kind} ${namespace ? `${namespace}/` : ""}${name}`;
}

function unchanged(message: string, details?: string): HarnessError {
  return new HarnessError(message, { code: "usage", ...(details ? { details } : {}) });
}
