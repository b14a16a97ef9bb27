import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type RunMeasures, runMeasuresSchema } from "../../report/index.ts";

/** More runs of one tree than this teach nothing new. */
const mostRuns = 8;
/** A branch that is worked at has many trees, each for an hour. */
const mostTrees = 60;

const stored = z.array(runMeasuresSchema);

/** The last runs of each tree, so that what two runs of one tree differ by is known without running it again. */
export class RememberedRuns {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @param key of the tree and of what was run of it, fit for a file's name */
  async of(key: string): Promise<RunMeasures[]> {
    try {
      return stored.parse(JSON.parse(await readFile(this.#file(key), "utf8")));
    } catch {
      return []; // a cache that cannot be read costs a run, not the comparison
    }
  }

  async remember(key: string, run: RunMeasures): Promise<void> {
    const runs = [...(await this.of(key)), run].slice(-mostRuns);
    await mkdir(this.#directory, { recursive: true });
    await writeFile(this.#file(key), JSON.stringify(runs));
    await this.#forgetOldest();
  }

  async #forgetOldest(): Promise<void> {
    const names = await readdir(this.#directory);
    const found = await Promise.all(
      names.map(async (name) => ({ name, at: (await stat(join(this.#directory, name))).mtimeMs })),
    );
    const old = found.sort((a, b) => b.at - a.at).slice(mostTrees);
    await Promise.all(old.map(({ name }) => rm(join(this.#directory, name), { force: true })));
  }

  #file = (key: string) => join(this.#directory, `${key}.json`);
}
