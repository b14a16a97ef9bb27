import { it } from "vitest";
import { type Edit, expectFound, expectSilence, flux, type Mistake, release, text } from "../test-check.ts";

const base = "kubernetes/apps/workspaces/base";

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what scripts say that no shell reads, or too much": [
    "manifests",
    [
      [text(release, 'if [ -e "$repo" ]; then', 'if [ -e "$repo" ]'), "script-unreadable", /fi$/, /fi/],
      [
        text(
          flux("app/helmrelease.yaml"),
          `credential.helper='!f() { if [ "$1" = get ]; then echo username=x-access-token; echo "password=$(cat /secrets/github/pat)"; fi; }; f'`,
          'credential.helper="!f() { echo password=$(cat /secrets/github/pat); }; f"',
        ),
        "token-as-argument",
        /credential\.helper/,
        /command line/,
      ],
      [
        text(flux("app/helmrelease.yaml"), 'basename "$REPOSITORY_URL" .git', 'basename "$REPOSITORY_URL"'),
        "working-directory",
        /workingDir/,
        /k8s-cluster\.git/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** What looks like it, and is right. */
const right: Record<string, [tree: string, edits: Edit[]]> = {
  "a shebang that ends at the first failure": [
    "fixtures/trees/one-base",
    [
      text(`${base}/scripts.yaml`, "#!/bin/sh\n", "#!/bin/sh -e\n"),
      text(`${base}/scripts.yaml`, "    set -eu\n", ""),
      // OpenCode's configuration, too, is on the claim.
      text(
        `${base}/helmrelease.yaml`,
        "              XDG_STATE_HOME: /tmp/state\n",
        "              XDG_STATE_HOME: /tmp/state\n              XDG_CONFIG_HOME: /work/.config\n",
      ),
    ],
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, [tree, edits]) => {
  await expectSilence(tree, edits);
});
