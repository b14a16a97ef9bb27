import { posix } from "node:path";

/** A path as a script has it at this place; undefined where that cannot be told. */
export function wholePath(text: string, index: number, path: string): string | undefined {
  if (path.includes("$")) return undefined;
  if (path.startsWith("/")) return posix.normalize(path);
  if (/\(\s*cd\s/.test(text.slice(0, index))) return undefined; // it may hold there only
  const from = directoryAt(text, index);
  return from === undefined ? undefined : posix.join(from, path);
}

/** Where a script is at this place of its text, by the `cd` before it; undefined where that cannot be told. */
export function directoryAt(text: string, index: number): string | undefined {
  const moves = [...text.slice(0, index).matchAll(/(?:^|[;&|({])[ \t]*cd\s+["']?([^\s"';&|)]+)/gm)];
  return moves.reduce<string | undefined>((at, [, to = ""]) => {
    if (to.startsWith("/") && !to.includes("$")) return to;
    return at === undefined || /^[-~]|\$/.test(to) ? undefined : posix.join(at, to);
  }, undefined);
}
