import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { collectEvidence } from "./evidence.ts";
import { type Open, readAll, type Source } from "./place.ts";

const remedy = "let all that is stored pass the redactor, and make the value known to it where it is made";

/**
 * Keys to the cluster and to Doppler: mode 0600, for the run's own processes, removed with the cluster. A second world of
 * the run has its own below the directory of the first.
 */
const keys = "access";

export interface OwnPlaces {
  runId: string;
  /** The world's own, for its keys. */
  directory: string;
  /** The run's: that of its first world. Files of all its worlds are in it. */
  root: string;
}

/**
 * What the harness itself stores: the run's directory as it is now, and the evidence that a failure would leave,
 * collected for this and removed again. The redactor of this process must know what that of the main process does.
 */
export function ownArtifacts({ runId, directory, root }: OwnPlaces): Source {
  const ownFiles: Source = async (cluster, open) => {
    // Where nothing but keys is: it may show what the redactor did not know, and goes with them if this is killed.
    await mkdir(join(directory, keys), { recursive: true, mode: 0o700 });
    const evidence = await mkdtemp(join(directory, keys, "evidence-"));
    try {
      await collectEvidence({ runId, cluster }, evidence);
      await readFiles(evidence, "our own evidence", open);
      await readFiles(root, "our own results", open);
    } finally {
      await rm(evidence, { recursive: true, force: true });
    }
  };
  return ownFiles;
}

async function readFiles(directory: string, whose: string, open: Open): Promise<void> {
  for (const path of await filesBelow(directory)) {
    // One that is written anew this moment will be there in full at the end of the run only.
    const content = await readFile(path).catch(() => Buffer.alloc(0));
    readAll(open, { name: `${whose}, file ${relative(directory, path)},`, remedy }, content);
  }
}

/** Folders of keys are not even listed. */
async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const ofEach = entries.map(async (entry): Promise<string[]> => {
    const path = join(directory, entry.name);
    if (entry.name === keys) return [];
    if (entry.isDirectory()) return filesBelow(path).catch(noneOnceGone);
    return entry.isFile() ? [path] : [];
  });
  return (await Promise.all(ofEach)).flat();
}

/** The run's other world removes things meanwhile: a folder that has gone since it was listed holds nothing. */
function noneOnceGone(error: NodeJS.ErrnoException): never[] {
  if (error.code === "ENOENT") return [];
  throw error;
}
