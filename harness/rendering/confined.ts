import { posix } from "node:path";
import { parseAllDocuments } from "yaml";
import { Tree, type TreeFile } from "../gitops/index.ts";

/*
 * kustomize reads whatever a kustomization file names, of this machine too: a tree that is anybody's could have a file of
 * ours rendered, and with it told in a result. Flux reads nothing outside of its artifact. Here such a name is replaced by
 * one that nobody has, so that kustomize fails with it as Flux does.
 */

/** Fields of kustomize's own files and plugins that name files or directories. */
const naming = new Set(
  `resources bases components crds configurations generators transformers validators patchesStrategicMerge path paths files
  envs env valuesFile additionalValuesFiles chartHome`.split(/\s+/),
);

const nowhere = "./outside-of-the-repository";

/** The tree, in which no file of kustomize's names anything outside of it. */
export function confinedTree(tree: Tree): Tree {
  const files = [...tree.files].map(([path, file]) => [path, confinedFile(path, file)] as const);
  const isAsItWas = files.every(([path, file]) => tree.files.get(path) === file);
  return isAsItWas ? tree : new Tree(files.map(([path, file]) => [path, file]));
}

function confinedFile(path: string, file: TreeFile): TreeFile {
  const text = file.content.toString("utf8");
  if (file.mode === "120000" || !isOfKustomize(path, text)) return file;
  const documents = parseAllDocuments(text, { logLevel: "silent" });
  // What cannot be read is kustomize's to tell.
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return file;
  const values = documents.map((document) => document.toJS() as unknown);
  const inside = values.map((value) => confined(path, value));
  if (JSON.stringify(inside) === JSON.stringify(values)) return file;
  return {
    mode: file.mode,
    content: Buffer.from(inside.map((value) => JSON.stringify(value)).join("\n---\n")),
  };
}

/** A kustomization file, or one that a `generators` or `transformers` list may name. */
function isOfKustomize(path: string, text: string): boolean {
  return (
    /^[Kk]ustomization(\.ya?ml)?$/.test(posix.basename(path)) ||
    /kustomize\.config\.k8s\.io|\bapiVersion["']?\s*:\s*["']?builtin\b/.test(text)
  );
}

/** The value, as it stands in this file, with names of what is outside replaced. */
export function confined(file: string, value: unknown, isName = false): unknown {
  if (Array.isArray(value)) return value.map((item) => confined(file, item, isName));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([field, item]) => [field, confined(file, item, naming.has(field))]),
    );
  }
  if (!isName || typeof value !== "string" || value.includes("\n")) return value;
  // A generator may give the file another name: `name=path`.
  const [, name = "", path = value] = /^([^=/]*=)?(.*)$/s.exec(value) ?? [];
  return isInside(file, path) ? value : `${name}${nowhere}/${path.replaceAll(/(^|\/)\.\.(?=\/|$)/g, "$1_")}`;
}

function isInside(file: string, path: string): boolean {
  if (/^[a-z][a-z+]*:\/\//.test(path)) return true; // of the network, which nobody asks here
  return !posix.isAbsolute(path) && !posix.join(posix.dirname(file), path).startsWith("..");
}
