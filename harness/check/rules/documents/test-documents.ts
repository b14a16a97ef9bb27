import { documents, type Edit, seed, text } from "../test-check.ts";

export const node = (from: string, to: string) => text(`${documents}/node-lost.md`, from, to);
export const volume = (from: string, to: string) => text(`${documents}/volume-lost.md`, from, to);
export const login = (from: string, to: string) => text(`${documents}/login-expired.md`, from, to);
export const seedScript = (from: string, to: string) => text(seed, from, to);
/** Two lines of a document in each other's place. */
export const swapped =
  (file: string, first: string, second: string): Edit =>
  (tree) => {
    const before = tree.text(`${documents}/${file}`);
    const marked = before.replace(first, "\0").replace(second, first).replace("\0", second);
    tree.replaceText(`${documents}/${file}`, before, marked);
  };
