import { posix } from "node:path";
import type { Tree } from "./tree.ts";

/** How kustomize calls its own files, in its order of preference. */
export const kustomizationFileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** A file of kustomize's own, not one with an object of Flux's. */
export const isKustomizationFile = (path: string): boolean =>
  kustomizationFileNames.includes(posix.basename(path));

/** The one that kustomize takes of a directory; undefined where that has none. */
export const kustomizationFileIn = (tree: Tree, directory: string): string | undefined =>
  kustomizationFileNames.map((name) => posix.join(directory, name)).find((path) => tree.files.has(path));

/** Every string in a kustomization file may be a path, or `name=path`; none of several lines is. */
export function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return value.includes("\n") ? [] : [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
