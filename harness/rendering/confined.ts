import { posix } from "node:path";
import { parseAllDocuments, YAMLParseError } from "yaml";
import {
  isKustomizationFile,
  kustomizationFileIn,
  manifestYaml,
  Tree,
  type TreeFile,
} from "../gitops/index.ts";

/*
 * kustomize reads whatever a kustomization file names, of this machine too: a tree that is anybody's could have a file of
 * ours rendered, and with it told in a result. Flux reads nothing outside of its artifact. Here such a name is replaced by
 * one that nobody has, so that kustomize fails with it as Flux does.
 *
 * What is looked at here must be what kustomize reads. So each of its files is written anew, as JSON, which any two readers
 * read alike, and what cannot be read here can name nothing. Artifacts of Flux hold no symbolic links; nor does this tree.
 */

/** Fields of kustomize's own files and plugins that name files or directories. */
const naming = new Set(
  `resources bases components crds configurations patchesstrategicmerge path paths files envs env valuesfile
  additionalvaluesfiles charthome`.split(/\s+/),
);

/** Those that name files of plugins, or hold them. */
const plugging = new Set(["generators", "transformers", "validators"]);

/** kustomize does not tell capitals from others, nor the long s and the Kelvin sign from the letters that they stand for. */
export const asKustomizeReads = (field: string): string => field.toUpperCase().toLowerCase();

const nowhere = "./outside-of-the-repository";
const unreadable = "./unreadable-as-a-plugin";

/** The directory that a name, as it stands in a file, starts from. */
type From = string;

/** The tree without links, in which no file of kustomize's names anything outside of it. */
export function confinedTree(tree: Tree): Tree {
  const files = [...tree.files].filter(([, { mode }]) => mode !== "120000");
  return new Tree(
    files.map(([path, file]): [string, TreeFile] => {
      if (growsWithoutEnd(file)) return [path, { mode: file.mode, content: refusing("excessive-aliases") }];
      return [path, isKustomizationFile(path) ? rewritten(tree, path, file) : file];
    }),
  );
}

/** What stands in a kustomization file, with names of what is outside replaced. */
export function confined(tree: Tree, path: string, value: unknown): unknown {
  const from = posix.dirname(path);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, item]) => [
      field,
      plugging.has(asKustomizeReads(field)) ? plugins(tree, from, item) : insideField(field, item, from),
    ]),
  );
}

/** JSON, which is YAML too, without the characters in which only some readers see the end of a line. */
export function asJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** kustomize too reads the first document, whatever comes after. What cannot be read here, it is not to read otherwise. */
function rewritten(tree: Tree, path: string, { mode, content }: TreeFile): TreeFile {
  try {
    const fields = confined(tree, path, firstIn(content.toString("utf8")));
    return { mode, content: Buffer.from(asJson(fields)) };
  } catch (error) {
    const why = error instanceof YAMLParseError ? error : undefined;
    const line = why?.linePos?.[0].line;
    return { mode, content: refusing(`${why?.code ?? "unreadable"}${line ? `-in-line-${line}` : ""}`) };
  }
}

/** @throws YAMLParseError; ReferenceError where aliases grow without end */
function firstIn(text: string): unknown {
  const [document] = parseAllDocuments(text, { ...manifestYaml, logLevel: "silent" });
  const [error] = document?.errors ?? [];
  if (error) throw error;
  return document?.toJS();
}

/** A file of which kustomize can only tell this: `unknown anchor 'DUPLICATE_KEY-in-line-3' referenced`. */
const refusing = (why: string): Buffer => Buffer.from(`*${why}\n`);

/**
 * YAML whose aliases stand for ones that stand for others: of a kilobyte kustomize would make more than a machine can hold.
 * What names none that is not there says so.
 */
function growsWithoutEnd({ content }: TreeFile): boolean {
  const text = content.toString("utf8");
  const [anchors, aliases] = [/(?:^|[\s[{,:])&[^\s&]/gm, /(?:^|[\s[{,:])\*[^\s*]/gm].map(
    (sign) => text.match(sign)?.length ?? 0,
  );
  // With fewer nothing grows far; most files have none.
  if ((anchors ?? 0) < 3 || (aliases ?? 0) < 10) return false;
  try {
    for (const document of parseAllDocuments(text, { ...manifestYaml, logLevel: "silent" })) {
      if (document.errors.length === 0) document.toJS();
    }
    return false;
  } catch (error) {
    return error instanceof ReferenceError && /resource exhaustion/.test(error.message);
  }
}

/** Undefined where it cannot be read. */
function valuesIn(text: string): unknown[] | undefined {
  try {
    const documents = parseAllDocuments(text, { ...manifestYaml, logLevel: "silent" });
    if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
    return documents.map((document) => document.toJS() as unknown);
  } catch {
    return undefined; // aliases that grow without end
  }
}

/**
 * What a plugin is made of stands in the list, in a file, or in files that a directory lists, and nowhere else: of one that
 * does more nobody knows what it would make of them. The text is put into the list: so kustomize reads what has been looked
 * at, however the file is named, and takes paths in it from where the list stands, as it would.
 */
function plugins(tree: Tree, from: From, entries: unknown): unknown {
  if (!Array.isArray(entries)) return [];
  return entries.map((entry: unknown) => {
    const text = String(entry);
    const path = posix.join(from, text).replace(/\/$/, "");
    const values = objectsIn(text) ?? objectsAt(tree, path, new Set());
    const written = values?.map((value) => asJson(inside(value, from))).join("\n---\n");
    // What is no plugin kustomize takes for a path.
    if (written !== undefined && isInside(written, from)) return written;
    return tree.files.has(path) || kustomizationFileIn(tree, path) !== undefined
      ? outside(text, unreadable)
      : outside(text);
  });
}

/**
 * Of a file, or of a directory whose kustomization file does nothing but list such and say their namespace, each once: what
 * stands there again would grow without end, and kustomize refuses it. Undefined where it is anything else.
 */
function objectsAt(tree: Tree, path: string, seen: Set<string>): object[] | undefined {
  if (seen.has(path)) return undefined;
  seen.add(path);
  const file = tree.files.get(path);
  if (file) return file.mode === "120000" ? undefined : objectsIn(file.content.toString());
  const list = kustomizationFileIn(tree, path);
  const { resources, namespace } = (list === undefined ? undefined : onlyListing(tree.text(list))) ?? {};
  const found = resources?.map((name) => objectsAt(tree, posix.join(path, name).replace(/\/$/, ""), seen));
  if (!found?.every((one) => one !== undefined)) return undefined;
  return namespace === undefined ? found.flat() : found.flat().map((one) => inNamespace(one, namespace));
}

interface Listing {
  resources: string[];
  /** By it one NamespaceTransformer serves the directories of many namespaces. */
  namespace?: string;
}

/** What a kustomization file lists, and in which namespace; undefined where it has any field beside, or cannot be read. */
function onlyListing(text: string): Listing | undefined {
  const [fields] = objectsIn(text) ?? [];
  const { apiVersion, kind = "Kustomization", resources, namespace, ...more } = { ...fields } as Fields;
  const isPlain = kind === "Kustomization" && Object.keys(more).length === 0 && Array.isArray(resources);
  if (!isPlain || !resources.every((one) => typeof one === "string")) return undefined;
  if (namespace === undefined) return { resources };
  return typeof namespace === "string" ? { resources, namespace } : undefined;
}

type Fields = Record<string, unknown>;

const inNamespace = (one: object, namespace: string): object => ({
  ...one,
  metadata: { ...(one as { metadata?: object }).metadata, namespace },
});

/** Documents that are objects, at least one; undefined where there is anything else. */
function objectsIn(text: string): object[] | undefined {
  const isObject = (value: unknown) => typeof value === "object" && value !== null;
  const values = valuesIn(text);
  return values?.length && values.every(isObject) ? (values as object[]) : undefined;
}

function inside(value: unknown, from: From, isName = false): unknown {
  if (Array.isArray(value)) return value.map((item) => inside(item, from, isName));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([field, item]) => [field, insideField(field, item, from)]),
    );
  if (!isName || typeof value !== "string") return value;
  return names(value).every((name) => isInside(name, from)) ? value : outside(value);
}

const insideField = (field: string, item: unknown, from: From): unknown => {
  const name = asKustomizeReads(field);
  // A patch may stand there itself.
  if (name === "patchesstrategicmerge" && Array.isArray(item))
    return item.map((one: unknown) => inside(one, from, !String(one).includes("\n")));
  return inside(item, from, naming.has(name));
};

/** A generator may give the file another name: `name=path`. */
const names = (text: string): string[] => [text, text.slice(text.indexOf("=") + 1)];

function outside(text: string, instead = nowhere): string {
  const [, name = "", path = text] = /^([^=/]*=)?(.*)$/s.exec(text) ?? [];
  return `${name}${instead}/${path.replaceAll(/(^|\/)\.\.(?=\/|$)/g, "$1_")}`;
}

function isInside(path: string, from: From): boolean {
  if (/^https?:/i.test(path) && isThisMachine(path)) return false;
  return !posix.isAbsolute(path) && !/^\.\.(\/|$)/.test(posix.join(from, path));
}

/** An address that no proxy is asked for; of the others nobody is asked. */
function isThisMachine(address: string): boolean {
  if (!URL.canParse(address)) return true;
  const { hostname } = new URL(address);
  return /^(localhost|.*\.localhost|127\..*|0\.0\.0\.0|\[.*\])\.?$/i.test(hostname);
}
