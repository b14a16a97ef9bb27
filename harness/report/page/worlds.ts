import { readdir } from "node:fs/promises";
import type { EgressLine, Ending, FidelityLine } from "./run-page-data.ts";

/** Where the files of a run's worlds are, from its directory: the first has that itself, the others `world-<n>`. */
export async function worldFolders(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const others = entries
    .filter((entry) => entry.isDirectory() && /^world-\d+$/.test(entry.name))
    .map(({ name }) => name);
  return [".", ...others.sort((one, other) => numberOf(one) - numberOf(other))];
}

const numberOf = (folder: string) => Number(folder.slice("world-".length));

/** Records of several worlds as one; a world that left none is passed over. */
export const joined = {
  /** Worlds of one run are made alike: what each of them says stands once. */
  uniqueLines(worlds: readonly (FidelityLine[] | undefined)[]): FidelityLine[] {
    const lines = there(worlds).flat();
    return [...new Map(lines.map((line) => [JSON.stringify(line), line])).values()];
  },

  /** Undefined where no world knows who asked. */
  askedOf(worlds: readonly (EgressLine[] | undefined)[]): EgressLine[] | undefined {
    const known = there(worlds);
    if (known.length === 0) return undefined;
    const same = Map.groupBy(known.flat(), ({ who, name, isAnswered }) => `${who} ${name} ${isAnswered}`);
    return [...same.values()].flatMap(([first, ...others]) =>
      first ? [{ ...first, count: others.reduce((sum, one) => sum + one.count, first.count) }] : [],
    );
  },

  endingOf(worlds: readonly (Ending | undefined)[]): Ending | undefined {
    const [first, ...others] = there(worlds);
    if (!first) return undefined;
    return others.reduce(
      (sum, one) => ({
        restarts: added(sum.restarts, one.restarts),
        clones: added(sum.clones, one.clones),
        records: [...new Set([...sum.records, ...one.records])],
      }),
      first,
    );
  },
};

function there<T>(worlds: readonly (T | undefined)[]): T[] {
  return worlds.filter((one) => one !== undefined);
}

function added(some: Record<string, number>, more: Record<string, number>): Record<string, number> {
  const sums = { ...some };
  for (const [name, count] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}
