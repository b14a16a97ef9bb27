import { pinned } from "../../images/index.ts";
import type { FidelityEntry } from "../../platform/index.ts";
import type { LedgerSources } from "./sources.ts";

/** Our own images stand for no published one; what they stand for is told above. */
export function imageLedger({ source, components }: LedgerSources["images"]): FidelityEntry[] {
  const upstream = components.filter(({ reference }) => !reference.includes("opencode-harness/"));
  if (source !== "packages") return byTag(upstream.map((component) => component.source));
  return upstream.map(({ reference, source: madeFrom }) => ({
    part: `image ${reference}`,
    production: reference,
    here: `made from: ${madeFrom}`,
    why: "no registry answers",
    hides: "what else is in the published image, and how it was built",
  }));
}

/** What a registry has under a tag today need not be what it had yesterday. */
function byTag(references: string[]): FidelityEntry[] {
  const open = references.filter((reference) => pinned(reference) === reference);
  if (open.length === 0) return [];
  return [
    {
      part: "images taken by their tag",
      production: "the digests that the cluster has pulled",
      here: open.join(", "),
      why: "nobody has noted their digests yet (harness/images/digests.ts)",
      hides: "that a tag has been moved since",
    },
  ];
}
