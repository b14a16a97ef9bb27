import { it } from "vitest";
import {
  type Edit,
  expectFound,
  expectSilence,
  fluxSecret,
  type Mistake,
  secret,
  text,
} from "../test-check.ts";

const fetched =
  (file: string, dataFrom: string): Edit =>
  (tree) => {
    const before = tree.text(file);
    tree.replaceText(
      file,
      before,
      before.replace(/ {2}data:\n {4}- secretKey[\s\S]*/, () => `  dataFrom:\n${dataFrom}`),
    );
  };

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what becomes of keys": [
    "manifests",
    [
      [
        fetched(
          secret,
          "    - find: { path: OPENCODE_HA_ }\n      rewrite: [{ regexp: { source: 'OPENCODE_HA_(.*)', target: '$1' } }]\n",
        ),
        "secret-renamed",
        /GITHUB_PAT/,
        /OPENCODE_HA_GITHUB_PAT, which rewrite has renamed: there is GITHUB_PAT/,
      ],
      [
        text(
          fluxSecret,
          "      engineVersion: v2\n",
          "      engineVersion: v2\n      templateFrom: [{ configMap: { name: forms, items: [{ key: a }] } }]\n",
        ),
        "template-missing",
        /forms/,
        /ConfigMap opencode\/forms, which nobody makes/,
      ],
      [
        text(
          fluxSecret,
          "{{ .OPENCODE_FLUX_SERVER_PASSWORD }}",
          'opencode:{{ .OPENCODE_FLUX_SERVER_PASSWORD | default \\"changeme\\" }}',
        ),
        "secret-stands-in",
        /PASSWORD/,
        /counts where Doppler's is empty/,
      ],
      [() => {}, "password-with-more", /PASSWORD/, /«opencode:»/],
      [
        text(fluxSecret, '"{{ .OPENCODE_FLUX_GITHUB_PAT }}"', '"token {{ .OPENCODE_FLUX_GITHUB_PAT }}"'),
        "password-with-more",
        /GITHUB_PAT/,
        /token of opencode-flux has «token»/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** What looks like it, and is right. */
const right: Record<string, Edit[]> = {
  "keys under other names": [
    fetched(
      secret,
      "    - find: { path: OPENCODE_HA_ }\n      rewrite: [{ regexp: { source: '^OPENCODE_HA_(.*)', target: '$1' } }]\n",
    ),
    text(secret, ".OPENCODE_HA_GITHUB_PAT", ".GITHUB_PAT"),
    text(secret, ".OPENCODE_HA_SERVER_PASSWORD", ".SERVER_PASSWORD"),
    text(secret, ".OPENCODE_HA_COPILOT_AUTH_JSON", ".COPILOT_AUTH_JSON"),
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, edits) => {
  await expectSilence("manifests", edits);
});
