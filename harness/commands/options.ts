import { statSync } from "node:fs";
import { join } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { checkoutDir } from "../base/index.ts";
import { imageSources, keepPolicies, storeKinds } from "../scenario/index.ts";
import { clusterMemory, GiB } from "./memory.ts";

/* Options that several commands share. */

export const manifestsOption = () =>
  new Option("--manifests <dir>", "the tree under test")
    .argParser(directory)
    .default(join(checkoutDir, "manifests"), "manifests/");

export const imagesOption = () =>
  new Option("--images <source>", "where images come from").choices(imageSources).default("auto");

export const outsideOption = () =>
  new Option(
    "--outside <file>",
    "what no Git holds: Doppler's keys, repositories, zone (default: outside.yaml beside the tree)",
  );

export const storeOption = () =>
  new Option("--store <kind>", "how the home's stores reach Doppler's stand-in: as they stand, or by webhook")
    .choices(storeKinds)
    .default("doppler");

/** `--keep` alone means on-failure; not given means never. */
export const keepOption = () =>
  new Option("--keep [when]", "keep the cluster after the run")
    .choices(keepPolicies)
    .preset("on-failure")
    .default("never");

export const noCheckOption = () =>
  new Option("--no-check", "start a cluster although the check finds what cannot work");

export const clustersOption = () =>
  new Option(
    "--clusters <count>",
    `clusters side by side, ${clusterMemory / GiB} GiB of memory each (default: two where that is faster and fits)`,
  ).argParser(parseCount);

export function parseCount(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1)
    throw new InvalidArgumentError("It must be a whole number above 0.");
  return count;
}

/** With `[file]`, of commands that take no names, `--json` alone is standard output. */
export const jsonOption = (file = "<file>") =>
  new Option(`--json ${file}`, "write the result as JSON; - is standard output").argParser(writable);

/** Said before a run of minutes, not after it. */
export function writable(file: string): string {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
    throw new InvalidArgumentError("It is a directory, not a file.");
  return file;
}

function directory(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new InvalidArgumentError("There is no such directory.");
}

/** A repeatable option. */
export function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}
