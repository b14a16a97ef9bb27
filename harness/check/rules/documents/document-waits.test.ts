import { it } from "vitest";
import { type Edit, expectFound, expectSilence, type Mistake } from "../test-check.ts";
import { node, seedScript, volume } from "./test-documents.ts";

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, Mistake[]> = {
  "what documents wait for": [
    [
      node("condition=Available", "condition=Ready"),
      "document-waits-in-vain",
      /wait deployment/,
      /condition Ready of a deployment/,
    ],
    [
      node("condition=Ready --timeout=10m", "condition=Ready --timeout=5s"),
      "document-impatient",
      /wait node/,
      /waits 5 s/,
    ],
    [
      volume("--for=jsonpath='{.status.phase}'=Bound", "--for=jsonpath='{.status.phase}'=bound"),
      "document-waits-in-vain",
      /=bound/,
      /phase bound of a pvc/,
    ],
    [
      volume("--for=create --timeout=3m", "--for=create"),
      "document-impatient",
      /--for=create/,
      /kubectl's own/,
    ],
    [
      volume(" --overwrite \\", " \\"),
      "asked-unheard",
      /annotate/,
      /volume-lost\.md sets reconcile.*without --overwrite/,
    ],
    [
      seedScript(" --overwrite >/dev/null", " >/dev/null"),
      "asked-unheard",
      /annotate/,
      /seed-copilot-auth\.sh sets force-sync without/,
    ],
    [node("/^NotReady/", "/Ready/"), "document-of-living-node", /awk/, /a living one has too/],
  ],
  "what they ask by words that nobody reads, or once": [
    [
      volume("reconcile.fluxcd.io/requestedAt", "reconcile.fluxcd.io/requestAt"),
      "asked-unheard",
      /annotate/,
      /requestAt, which Flux does not read/,
    ],
    [
      seedScript("force-sync=$(date +%s)", "force-sync=now"),
      "asked-unheard",
      /annotate/,
      /force-sync to now each time/,
    ],
    [
      volume("--for=jsonpath='{.status.phase}'=Bound", "--for=condition=Bound"),
      "document-waits-in-vain",
      /condition=Bound/,
      /write --for=jsonpath/,
    ],
  ],
  "a mark on what nobody looks at": [
    [
      seedScript("annotate externalsecret", "annotate secret"),
      "asked-unheard",
      /annotate/,
      /force-sync on a secret/,
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, mistakes) => {
  await expectFound("manifests", mistakes);
});

/** Other ways to write what is right. */
const right: Record<string, Edit[]> = {
  "documents that ask Flux in its own words": [
    volume(
      'kubectl --namespace flux-system annotate kustomization "$WORKSPACE" --overwrite \\\n  reconcile.fluxcd.io/requestedAt="$(date +%s)"',
      'flux reconcile kustomization "$WORKSPACE"',
    ),
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, edits) => {
  await expectSilence("manifests", edits);
});
