import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { plainFiles } from "./plain-file.ts";
import type { Picture } from "./run-page-data.ts";

/** All pictures of a page together, in bytes as they stand on disk; in the page they take a third more. */
const roomBytes = 1_200_000;

/**
 * The pictures of the directories by name, as many as there is room for; of those that there is none for, where they are
 * from the first directory's parent.
 */
export async function readPictures(
  directories: readonly string[],
): Promise<{ pictures: Picture[]; leftOut: string[] }> {
  const found = await Promise.all(directories.map(pngsIn));
  const pictures: Picture[] = [];
  const leftOut: string[] = [];
  const run = dirname(directories[0] ?? ".");
  let bytes = 0;
  for (const { directory, name } of found.flat()) {
    const png = await readFile(join(directory, name));
    if (png.length < 24 || bytes + png.length > roomBytes) {
      leftOut.push(relative(run, join(directory, name)));
      continue;
    }
    bytes += png.length;
    pictures.push({
      name: name.replace(/\.png$/, ""),
      source: `data:image/png;base64,${png.toString("base64")}`,
      ...sizeOf(png),
    });
  }
  return { pictures, leftOut };
}

async function pngsIn(directory: string): Promise<{ directory: string; name: string }[]> {
  const files = await plainFiles(directory);
  return files.filter(({ name }) => name.endsWith(".png")).map(({ name }) => ({ directory, name }));
}

/** Of a PNG: its first chunk begins with width and height. */
function sizeOf(png: Buffer): { width: number; height: number } {
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}
