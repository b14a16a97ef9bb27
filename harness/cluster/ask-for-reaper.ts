import { rm } from "node:fs/promises";
import { type getContainerRuntimeClient, getReaper } from "testcontainers";
import { scratchDirectory, UnderWay } from "../base/index.ts";

export type Runtime = Awaited<ReturnType<typeof getContainerRuntimeClient>>;

const asking = new UnderWay<void>();
let isKnown = false;

/**
 * Has Testcontainers find out, once in a process, who removes containers after it: here nobody. It does so behind a lock whose
 * name in the machine's /tmp everybody knows. Whoever is there first could lead that to a file of ours, which it would empty,
 * or hold it for ever; so the lock lies in a directory of our own.
 */
export const askForReaper = (runtime: Runtime): Promise<void> =>
  asking.join("reaper", async () => {
    if (isKnown) return;
    const directory = await scratchDirectory("testcontainers");
    try {
      await withTemporary(directory, () => getReaper(runtime));
      isKnown = true;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

/** What `begin` looks for among temporary files before it waits for anything, it finds there; nothing else in this process does. */
function withTemporary<T>(directory: string, begin: () => Promise<T>): Promise<T> {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = directory;
  try {
    return begin();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}
