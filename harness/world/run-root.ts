import { basename, dirname } from "node:path";

/**
 * results/<run>/, from the directory of one of its worlds: the first has that itself, the others `world-<n>` in it. What
 * scenarios leave, in whichever world, is there and nowhere else.
 */
export function runRootOf(worldDirectory: string): string {
  return /^world-\d+$/.test(basename(worldDirectory)) ? dirname(worldDirectory) : worldDirectory;
}
