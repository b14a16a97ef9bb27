import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { collectEvidence } from "./evidence.ts";
import { type Open, readAll, type Source } from "./place.ts";

const remedy = "let all that is stored pass the redactor, and make the value known to it where it is made";

/**
 * Keys to the cluster and to Doppler: mode 0600, for the run's own processes, removed with the cluster. A second world of
 * the run has its own below the directory of the first.
 */
const keys = "access";

/**
 * What the harness itself stores: the run's directory as it is now, and the evidence that a failure would leave,
 * collected for this and removed again. The redactor of this process must know what that of the main process does.
 */
export function ownArtifacts({ runId, directory }: { runId: string; directory: string }): Source {
  const ownFiles: Source = async (cluster, open) => {
    // Where nothing but keys is: it may show what the redactor did not know, and goes with them if this is killed.
    await mkdir(join(directory, keys), { recursive: true, mode: 0o700 });
    const evidence = await mkdtemp(join(directory, keys, "evidence-"));
    try {
      await collectEvidence({ runId, cluster }, evidence);
      await readFiles(evidence, "our own evidence", open);
      await readFiles(directory, "our own results", open);
    } finally {
      await rm(evidence, { recursive: true, force: true });
    }
  };
  return ownFiles;
}

async function readFiles(directory: string, whose: string, open: Open): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = relative(directory, join(entry.parentPath, entry.name));
    if (!entry.isFile() || path.split(sep).includes(keys)) continue;
    // One that is written anew this moment will be there in full at the end of the run only.
    const content = await readFile(join(directory, path)).catch(() => Buffer.alloc(0));
    readAll(open, { name: `${whose}, file ${path},`, remedy }, content);
  }
}
