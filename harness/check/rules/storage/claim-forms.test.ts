// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import { claim, expectFound, type Mistake, text } from "../test-check.ts";

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, Mistake[]> = {
  "claims of a form that no workspace can use": [
    [
      text(
        claim,
        "  resources:\n",
        "  volumeMode: Block\n  volumeName: pvc-old\n  selector: { matchLabels: { app: opencode } }\n  resources:\n",
      ),
      "claim-unusable",
      /volumeMode/,
      /bare device/,
    ],
    [() => {}, "claim-unusable", /volumeName/, /PersistentVolume pvc-old/],
    [() => {}, "claim-unusable", /selector/, /stays Pending/],
    [
      text(claim, '["${VOLSYNC_ACCESSMODES:-ReadWriteOnce}"]', "[ReadOnlyMany]"),
      "claim-unusable",
      /accessModes/,
      /for reading only/,
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, mistakes) => {
  await expectFound("manifests", mistakes);
});
