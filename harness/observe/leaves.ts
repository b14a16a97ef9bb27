/** The texts of a JSON value, keys and values, one after another; for a position in them the way to the value. */
export function leavesOf(value: unknown): { text: Buffer; pathAt: (position: number) => string } {
  const texts: string[] = [];
  const paths: (string | number)[][] = [];
  const walk = (part: unknown, path: (string | number)[]) => {
    if (typeof part === "string") {
      texts.push(part);
      paths.push(path);
    } else if (Array.isArray(part)) {
      for (const [index, item] of part.entries()) walk(item, [...path, index]);
    } else if (typeof part === "object" && part !== null) {
      for (const [key, item] of Object.entries(part)) {
        texts.push(key);
        paths.push([...path, key]);
        walk(item, [...path, key]);
      }
    }
  };
  walk(value, []);
  // A byte that no secret has: nothing is found across two values.
  return { text: Buffer.from(texts.join("\0")), pathAt };

  function pathAt(position: number): string {
    let start = 0;
    for (const [index, text] of texts.entries()) {
      start += Buffer.byteLength(text) + 1;
      if (position < start) return (paths[index] ?? []).join(".");
    }
    return "";
  }
}
