/** Where a home keeps what Flux starts from. */
export const fluxDirectory = "kubernetes/flux/";

/** A repository with its own entry for Flux is a home; what has none is to be laid into one. */
export function isWholeHome(paths: Iterable<string>): boolean {
  return [...paths].some((path) => path.startsWith(fluxDirectory));
}
