import { posix } from "node:path";
import { parseDocument } from "yaml";
import { fluxKustomizations, fluxStarts } from "./flux-starts.ts";
import { manifestYaml } from "./go-yaml.ts";
import { isKustomizationFile, stringsIn } from "./kustomize-files.ts";
import { directoryOf } from "./outer-start.ts";
import type { Tree } from "./tree.ts";

/** What source-controller leaves out of every artifact, of what is no text. */
export const noText = /\.(?:jpe?g|gif|png|wmv|flv|tar\.gz|zip)$/i;

const usual = "kubernetes/";

/**
 * Of a repository's paths those that a home may be made of: what is in `kubernetes/` and the one script that belongs to the
 * application, or, where there is no such directory, all that Flux takes.
 */
export function takenOf(paths: readonly string[], directory = usual): string[] {
  const isOfUsual = (path: string) => path.startsWith(directory) || path === "scripts/seed-copilot-auth.sh";
  const hasUsual = paths.some((path) => path.startsWith(usual) && /\.ya?ml$/.test(path));
  return paths.filter(hasUsual || directory !== usual ? isOfUsual : (path) => !noText.test(path));
}

/**
 * Those of the repository's paths beside what was taken into which its Flux leads: the first Kustomizations of a home may
 * stand elsewhere, and name sources that do too; and what kustomize is led to from there.
 */
export function ledTo(tree: Tree, paths: readonly string[]): string[] {
  const named = [
    ...fluxStarts(tree).map(({ object }) => directoryOf(object)),
    ...fluxKustomizations(tree).map(({ object }) => directoryOf(object)),
    ...[...tree.files.keys()].flatMap((path) => namedByKustomize(tree, path)),
  ];
  const directories = [...new Set(named)].filter((one) => one !== "" && !`${one}/`.startsWith(usual));
  return paths.filter(
    (path) => !tree.files.has(path) && directories.some((one) => path === one || path.startsWith(`${one}/`)),
  );
}

/** Files and directories above its own that a kustomization file names, wherever it does. */
function namedByKustomize(tree: Tree, path: string): string[] {
  if (!isKustomizationFile(path)) return [];
  const text = tree.text(path);
  if (!text.includes("../")) return [];
  return stringsIn(valueIn(text))
    .map((one) => one.slice(one.indexOf("=") + 1))
    .filter((one) => /^(?:\.\/)*\.\.\//.test(one))
    .map((one) => posix.join(posix.dirname(path), one).replace(/\/$/, ""))
    .filter((one) => !one.startsWith(".."));
}

/** What cannot be read, or grows without end, is told by whoever renders it. */
function valueIn(text: string): unknown {
  try {
    return parseDocument(text, { ...manifestYaml, logLevel: "silent" }).toJS();
  } catch {
    return undefined;
  }
}
