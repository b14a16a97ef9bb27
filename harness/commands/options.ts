import { join } from "node:path";
import { Option } from "commander";
import { checkoutDir } from "../base/index.ts";
import { imageSources, keepPolicies, storeKinds } from "../scenario/index.ts";

/* Options that several commands share. */

export const manifestsOption = () =>
  new Option("--manifests <dir>", "the tree under test").default(
    join(checkoutDir, "manifests"),
    "manifests/",
  );

export const imagesOption = () =>
  new Option("--images <source>", "where images come from").choices(imageSources).default("auto");

export const storeOption = () =>
  new Option("--store <kind>", "how doppler-secrets reaches the stand-in")
    .choices(storeKinds)
    .default("webhook");

/** `--keep` alone means on-failure; not given means never. */
export const keepOption = () =>
  new Option("--keep [when]", "keep the cluster after the run")
    .choices(keepPolicies)
    .preset("on-failure")
    .default("never");

export const jsonOption = () => new Option("--json <file>", "write the result as JSON; - is standard output");

/** A repeatable option. */
export function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}
