/** A text (of a tree: it may turn out to be a number) as a pattern that matches it alone, here and in Go's RE2, as kustomize reads it. Node 20 has no `RegExp.escape`. */
export function escapeRegExp(text: string): string {
  return String(text).replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
