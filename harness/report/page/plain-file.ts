import { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";

/** More than a page has room for; what is larger is linked, not read. */
const limitBytes = 8 * 1024 * 1024;

/** The files of a directory by name, with their bytes; none where there is no directory. */
export async function plainFiles(directory: string): Promise<{ name: string; bytes: number }[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => ({ name, bytes: await sizeOf(join(directory, name)) })),
  );
}

/**
 * The text of a file; empty where there is none, where it is too large, and where it leads elsewhere: an artifact is what
 * a lane has left, and a lane runs other people's trees.
 */
export async function plainText(file: string): Promise<string> {
  try {
    await using opened = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    const { size } = await opened.stat();
    return size > limitBytes ? "" : await opened.readFile("utf8");
  } catch {
    return "";
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    await using opened = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    return (await opened.stat()).size;
  } catch {
    return 0;
  }
}
