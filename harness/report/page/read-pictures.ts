import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { plainFiles } from "./plain-file.ts";
import type { Picture } from "./run-page-data.ts";

/** All pictures of a page together, in bytes as they stand on disk; in the page they take a third more. */
const roomBytes = 1_200_000;

/** The pictures of the directory by name, as many as there is room for; the names of those that there is none for. */
export async function readPictures(directory: string): Promise<{ pictures: Picture[]; leftOut: string[] }> {
  const names = (await plainFiles(directory)).map(({ name }) => name).filter((name) => name.endsWith(".png"));
  const pictures: Picture[] = [];
  const leftOut: string[] = [];
  let bytes = 0;
  for (const name of names) {
    const png = await readFile(join(directory, name));
    if (png.length < 24 || bytes + png.length > roomBytes) {
      leftOut.push(name);
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

/** Of a PNG: its first chunk begins with width and height. */
function sizeOf(png: Buffer): { width: number; height: number } {
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}
