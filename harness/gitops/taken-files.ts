import { directoryOf, fluxKustomizations, fluxStarts } from "./flux-starts.ts";
import type { Tree } from "./tree.ts";

/** What source-controller leaves out of every artifact, of what is no text. */
const noText = /\.(?:jpe?g|gif|png|wmv|flv|tar\.gz|zip)$/i;

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
 * stand elsewhere, and name sources that do too.
 */
export function ledTo(tree: Tree, paths: readonly string[]): string[] {
  const named = [
    ...fluxStarts(tree).map(({ object }) => directoryOf(object)),
    ...fluxKustomizations(tree).map(({ object }) => directoryOf(object)),
  ];
  const directories = [...new Set(named)].filter((one) => one !== "" && !`${one}/`.startsWith(usual));
  return paths.filter(
    (path) => !tree.files.has(path) && directories.some((directory) => path.startsWith(`${directory}/`)),
  );
}
