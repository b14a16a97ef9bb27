import { it } from "vitest";
import { type Edit, expectFound, expectNothing, type Mistake, release, text } from "../test-check.ts";

/** Mistakes that do not hide each other are made in one tree: each rendering takes its time. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "scripts that nobody may run, and what they call": [
    "fixtures/trees/one-base",
    [
      [
        text(
          "kubernetes/apps/workspaces/base/helmrelease.yaml",
          "        defaultMode: 0755\n",
          "        defaultMode: 0644\n",
        ),
        "not-executable",
        /0644/,
        /0755/,
      ],
      [
        text(
          "kubernetes/apps/workspaces/base/scripts.yaml",
          "  start.sh: |\n    #!/bin/sh",
          "  start.sh: |\n    #!/bin/bash",
        ),
        "tool-missing",
        /bash/,
        /bash/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** Other ways to write what is right. */
const right: Record<string, [tree: string, edits: Edit[]]> = {
  "an address of OpenCode's settings": [
    "manifests",
    [
      text(release, ', --hostname, 0.0.0.0, --port, "4096"]', "]"),
      text(
        release,
        "              OPENCODE_DIS",
        `              OPENCODE_CONFIG_CONTENT: '{"server":{"hostname":"0.0.0.0"}}'\n              OPENCODE_DIS`,
      ),
    ],
  ],
  "scripts that may be run, each by its own mode": [
    "fixtures/trees/one-base",
    [
      text(
        "kubernetes/apps/workspaces/base/helmrelease.yaml",
        "        defaultMode: 0755\n",
        "        defaultMode: 0444\n        items:\n          - { key: prepare.sh, path: prepare.sh, mode: 0755 }\n          - { key: start.sh, path: start.sh, mode: 0755 }\n",
      ),
      text(
        "kubernetes/apps/workspaces/base/scripts.yaml",
        "  start.sh: |\n    #!/bin/sh\n",
        "  start.sh: |\n    #!/bin/bash\n    command -v bash || apk add --no-cache bash git\n    command -v git || git fetch --help\n",
      ),
    ],
  ],
  "scripts that a shell reads": [
    "fixtures/trees/one-base",
    [
      text("kubernetes/apps/workspaces/base/helmrelease.yaml", "defaultMode: 0755", "defaultMode: 0444"),
      text(
        "kubernetes/apps/workspaces/base/helmrelease.yaml",
        "[/scripts/prepare.sh]",
        "[/bin/sh, /scripts/prepare.sh]",
      ),
      text(
        "kubernetes/apps/workspaces/base/helmrelease.yaml",
        "[/scripts/start.sh]",
        "[/bin/sh, /scripts/start.sh]",
      ),
    ],
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, [tree, edits]) => {
  await expectNothing(tree, edits);
});
