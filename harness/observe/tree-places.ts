import { readAll, type Source } from "./place.ts";

/** The files that are committed. */
export function committed(files: ReadonlyMap<string, { content: Buffer }>): Source {
  const committedFiles: Source = async (_cluster, open) => {
    for (const [path, { content }] of files) {
      const remedy =
        "take it out of Git, revoke it at its origin, put a new one into Doppler and an ExternalSecret here (security mistakes)";
      readAll(open, { name: `file ${path} in Git`, remedy }, content);
    }
  };
  return committedFiles;
}
