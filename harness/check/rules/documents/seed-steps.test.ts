// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import { type Edit, expectFound, expectSilence, type Mistake } from "../test-check.ts";
import { seedScript } from "./test-documents.ts";

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, Mistake[]> = {
  "what the seed script takes and stores": [
    [
      seedScript('opencode/auth.json"\nproject', 'opencode/login.json"\nproject'),
      "seed-script-stores-nothing",
      /file=/,
      /login\.json, and OpenCode keeps it/,
    ],
    [
      seedScript('--silent <"$file" >', "--silent >"),
      "seed-script-stores-nothing",
      /secrets set/,
      /no value/,
    ],
    [
      seedScript(`'"github-copilot"'`, `'"copilot"'`),
      "seed-script-stores-nothing",
      /grep/,
      /looks for copilot/,
    ],
    [
      seedScript('  if [ "$dry_run" = yes ]', '  if [ "$dry_run" = true ]'),
      "seed-script-stores-nothing",
      /dry_run/,
      /it is no or yes/,
    ],
    [
      seedScript(` | tr '[:lower:]' '[:upper:]'`, ""),
      "seed-script-astray",
      /key=/,
      /under OPENCODE_flux_COPILOT/,
    ],
    [
      seedScript('workspaces="flux ha"', 'workspaces="flux"'),
      "seed-script-astray",
      /all\)/,
      /nothing is stored for ha/,
    ],
    [
      seedScript('set "$key" --project "$project" --config "$config"', 'set "$key"'),
      "seed-script-astray",
      /secrets set/,
      /without --project and --config/,
    ],
    [
      seedScript('  echo "stored $key', '  cat "$file"\n  echo "stored $key'),
      "seed-script-prints",
      /cat/,
      /prints the login/,
    ],
  ],
  "what else a script does with a login": [
    [
      seedScript('doppler secrets set "$key"', 'doppler secrets upload "$file"'),
      "seed-script-stores-nothing",
      /upload/,
      /a secret of each of its fields/,
    ],
    [seedScript('"flux ha"', '"flux home"'), "seed-script-astray", /all\)/, /nothing is stored for ha/],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, mistakes) => {
  await expectFound("manifests", mistakes);
});

/** Other ways to write what is right. */
const right: Record<string, Edit[]> = {
  "a seed script in other words": [
    seedScript('doppler secrets set "$key" --project', 'cat "$file" | doppler secrets set "$key" --project'),
    seedScript('--silent <"$file" >', "--silent >"),
    seedScript("  # Doppler prints a table", '  # cat "$file"; force-sync=now\n  # Doppler prints a table'),
    seedScript(
      'file="${XDG_DATA_HOME:-$HOME/.local/share}/opencode/auth.json"',
      'file="$HOME/.local/share/opencode/auth.json"',
    ),
    seedScript('workspaces="flux ha"', 'workspaces="ha flux"'),
    seedScript('  if [ "$dry_run" = yes ]', '  if [ "$dry_run" != no ]'),
    seedScript('"force-sync=$(date +%s)"', '"force-sync=$now"'),
    seedScript("set -eu\n", "set -eu\nnow=$(date +%s)\n"),
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, edits) => {
  await expectSilence("manifests", edits);
});
