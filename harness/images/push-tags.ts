import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { cacheDir } from "../base/index.ts";
import type { Engine } from "../engine/index.ts";

/*
 * Images are pushed to the mirror under a name with its address, `127.0.0.1:<port>/…`, which anybody may have given to an
 * image of his. Ours are those that this cache has noted before it made them: a file for each, with the image that it
 * was to stand for.
 */

const notesDir = () => cacheDir("push-tags");
const noteOf = (tag: string) => cacheDir("push-tags", encodeURIComponent(tag));

/** Gives the image this name for as long as `work` takes. */
export async function withTag(
  engine: Engine,
  { image, tag }: { image: string; tag: string },
  work: () => Promise<void>,
): Promise<void> {
  await mkdir(notesDir(), { recursive: true });
  await writeFile(noteOf(tag), await idOf(engine, image));
  try {
    await engine.docker(["tag", image, tag]);
    await work();
  } finally {
    await removeTag(engine, tag);
  }
}

/** Removes the names that killed preparations of this cache left. */
export async function removeNotedTags(engine: Engine): Promise<void> {
  const notes = await readdir(notesDir()).catch(() => []);
  for (const note of notes) await removeTag(engine, decodeURIComponent(note));
}

/** Where it stands for another image by now somebody else has taken it. */
async function removeTag(engine: Engine, tag: string): Promise<void> {
  const noted = await readFile(noteOf(tag), "utf8").catch(() => "");
  if (noted !== "" && (await idOf(engine, tag)) === noted)
    await engine.docker(["image", "rm", "--no-prune", tag], { reject: false });
  await rm(noteOf(tag), { force: true });
}

/** Empty where there is none. */
async function idOf(engine: Engine, image: string): Promise<string> {
  const { stdout } = await engine.docker(["image", "inspect", "--format", "{{.Id}}", image], {
    reject: false,
  });
  return stdout.trim();
}
