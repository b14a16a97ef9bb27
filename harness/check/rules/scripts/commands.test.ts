import { it } from "vitest";
import { type Edit, expectSilence, release, text } from "../test-check.ts";

/** What looks like it, and is right. */
const right: Record<string, [tree: string, edits: Edit[]]> = {
  "a network that says by itself where it is": [
    "manifests",
    [
      text(
        release,
        '[opencode, web, --hostname, 0.0.0.0, --port, "4096"]',
        '[opencode, web, --mdns, --port, "4096"]',
      ),
    ],
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, [tree, edits]) => {
  await expectSilence(tree, edits);
});
