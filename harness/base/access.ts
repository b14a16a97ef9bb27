import { globSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { hasOwnerEnded, ownerOf } from "./owner.ts";
import { cacheId } from "./paths.ts";

/*
 * `access/` of a run's directory: every key and token of it that is on a disk, readable by this user only. It goes with
 * the cluster; what a killed command left, the next one removes.
 */

const note = z.object({
  /** The process that made it, as a label has it. */
  owner: z.string(),
  /** What others have kept is theirs to remove. */
  cache: z.string(),
  /** It shall outlive its command, as the cluster does. */
  isKept: z.boolean(),
});

const directoryIn = (runDir: string) => join(runDir, "access");
const noteIn = (access: string) => join(access, "owner.json");

/** Makes the directory, this process its owner. Returns its path. */
export async function makeAccess(runDir: string): Promise<string> {
  await mkdir(directoryIn(runDir), { recursive: true, mode: 0o700 });
  await writeNote(runDir, false);
  return directoryIn(runDir);
}

/** From now on it is no leftover, though its command ends. */
export const keepAccess = (runDir: string): Promise<void> => writeNote(runDir, true);

/** Who has made it or taken it over, as a label has it; undefined where that is not known. */
export async function accessOwner(runDir: string): Promise<string | undefined> {
  const content = await readFile(noteIn(directoryIn(runDir)), "utf8").catch(() => "");
  return note.safeParse(parseJson(content)).data?.owner;
}

async function writeNote(runDir: string, isKept: boolean): Promise<void> {
  const content = { owner: ownerOf(process.pid), cache: cacheId(), isKept } satisfies z.infer<typeof note>;
  await writeFile(noteIn(directoryIn(runDir)), JSON.stringify(content), { mode: 0o600 });
}

/** Removes those below `resultsDir` whose command was killed, with `kept` also those that were kept. */
export async function removeLeftAccess(resultsDir: string, { kept }: { kept: boolean }): Promise<void> {
  // A second cluster of a run has its own below the directory of the first.
  const found = globSync(["*/access/owner.json", "*/*/access/owner.json"], { cwd: resultsDir });
  await Promise.all(
    found.map(async (path) => {
      const access = join(resultsDir, path, "..");
      const content = await readFile(noteIn(access), "utf8").catch(() => "");
      const { data } = note.safeParse(parseJson(content));
      if (data === undefined || data.cache !== cacheId() || !hasOwnerEnded(data.owner)) return;
      if (kept || !data.isKept) await rm(access, { recursive: true, force: true });
    }),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
