import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkoutDir, silent } from "../base/index.ts";
import { clusterMemory, GiB, preparationMemory, wantedMemory, worldsFor } from "./memory.ts";

const text = (file: string) => readFile(join(checkoutDir, file), "utf8");

it("the README asks for as much memory as doctor", async () => {
  expect((await text("README.md")).replaceAll(/\s+/g, " ")).toContain(
    `${wantedMemory / GiB} GiB of memory (${clusterMemory / GiB} GiB for each cluster, ${preparationMemory / GiB} GiB while images are built from packages)`,
  );
});

describe("how many worlds a line of work gets", () => {
  const worlds = (pieces: number, { clusters = undefined as number | undefined, available = 8 * GiB } = {}) =>
    worldsFor({ pieces, clusters, available, inotify: undefined, progress: silent });

  it("is two where a second is worth its start", async () => {
    expect(await Promise.all([1, 3, 4, 100].map((pieces) => worlds(pieces)))).toEqual([1, 1, 2, 2]);
  });

  it.each([
    [
      "memory",
      { available: 5 * GiB, inotify: undefined },
      /^one cluster, .* 5.4 GB of memory are available, two want/,
    ],
    [
      "inotify",
      { available: 8 * GiB, inotify: { limit: 128, used: 50 } },
      /: 78 inotify instances are free, two want 80/,
    ],
  ])("is one where two have no room, and that is said: %s", async (_, machine, said) => {
    const notes: string[] = [];
    const progress = { ...silent, note: (text: string) => void notes.push(text) };
    expect(await worldsFor({ pieces: 9, clusters: undefined, ...machine, progress })).toBe(1);
    expect(notes).toEqual([expect.stringMatching(said)]);
  });

  it("is what was asked for, but no more than there is work for", async () => {
    expect(await worlds(2, { clusters: 3 })).toBe(2);
    expect(await worlds(9, { clusters: 3, available: GiB })).toBe(3);
    expect(await worlds(9, { clusters: 1 })).toBe(1);
  });
});
