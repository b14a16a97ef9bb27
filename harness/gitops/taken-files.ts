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
