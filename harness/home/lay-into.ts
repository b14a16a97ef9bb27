import { Tree, type TreeFile } from "../gitops/index.ts";

/**
 * The home with the tree copied into it, as its owner would: what the home has already stays as the home has it
 * (manifests/README.md: keep your own templates). `kept` names those files; `replaced` are the tree's that are therefore in no
 * home of this kind, unless they are the same.
 */
export function layInto(
  home: Tree,
  tree: Tree,
): { tree: Tree; kept: string[]; replaced: Map<string, TreeFile> } {
  const ofHome = [...home.files].filter(([path]) => path.startsWith("kubernetes/"));
  const laid = new Map([...tree.files, ...ofHome]);
  const kept = ofHome.flatMap(([path]) => (tree.files.has(path) ? [path] : []));
  const replacedDirectories = new Set(
    kept.filter((path) => path.endsWith("/kustomization.yaml")).map(directoryOf),
  );
  // Of a template that the home has, only the home's files are listed by its kustomization.
  for (const path of tree.files.keys()) {
    if (!home.files.has(path) && replacedDirectories.has(directoryOf(path))) laid.delete(path);
  }
  const replaced = [...tree.files].filter(([path, { content }]) => !laid.get(path)?.content.equals(content));
  return { tree: new Tree(laid), kept, replaced: new Map(replaced) };
}

const directoryOf = (path: string) => path.slice(0, path.lastIndexOf("/"));
