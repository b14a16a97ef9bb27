import { it } from "vitest";
import {
  beforeSync,
  type Edit,
  expectFound,
  expectSilence,
  flux,
  type Mistake,
  release,
  secret,
  seed,
  text,
} from "../test-check.ts";
import { asked, helper, made, script, usual } from "../test-script.ts";

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what scripts do": [
    "manifests",
    [
      [
        text(release, "mkdir -p /data/workspace", "mkdir /data/workspace"),
        "second-start-fails",
        /mkdir/,
        /mkdir -p/,
      ],
      [text(release, '                rm -rf "$repo.partial"\n', ""), "interrupted-clone", /clone/, /rm -rf/],
      [text(release, 'clone "$REP', 'clone --bare "$REP'), "bare-clone", /--bare/, /without files/],
      [beforeSync("git config --global credential.helper store"), "credentials-left", /store/, /token/],
      [beforeSync("apk add jq"), "needs-root", /apk add/, /1000/],
      [
        text(release, '                  echo "$wanted" > auth.json.seeded\n', ""),
        "login-overwritten",
        /auth\.json/,
        /whenever the pod starts/,
      ],
      [
        text(flux("app/helmrelease.yaml"), 'if [ -d "$repo/.git" ]', 'if [ ! -d "$repo/.git" ]'),
        "second-start-fails",
        /! -d/,
        /nothing is ever cloned/,
      ],
      [
        text(flux("app/helmrelease.yaml"), "                sync\n", ""),
        "interrupted-clone",
        /mv /,
        /write sync/,
      ],
      [
        text(flux("app/helmrelease.yaml"), "if [ -f auth.json ] &&", "if [ ! -f auth.json ] &&"),
        "login-overwritten",
        /auth\.json/,
        /whenever the pod starts/,
      ],
      [
        text(
          release,
          "            seed-auth:\n              - path: /data\n",
          "            seed-auth:\n              - path: /data\n                readOnly: true\n",
        ),
        "read-only",
        /readOnly/,
        /seed-auth of opencode-ha cannot write/,
      ],
      [text(seed, "config=prd", "config=dev"), "seed-script-elsewhere", /config=dev/, /reads prd/],
      [text(seed, '_COPILOT_AUTH_JSON"', '_COPILOT_AUTH"'), "seed-script-elsewhere", /key=/, /so named/],
      [
        text(seed, '"opencode-$workspace-secret" \\', '"opencode-$workspace-secrets" \\'),
        "seed-script-elsewhere",
        /annotate/,
        /opencode-ha-secret/,
      ],
      [text(seed, "set -eu\n", "set -eux\n"), "seed-script-traces", /set -eux/, /-x/],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** What looks like it, and is right. */
const right: Record<string, [tree: string, edits: Edit[]]> = {
  "scripts that start again": [
    "manifests",
    [
      text(
        release,
        "                mkdir -p /data/workspace",
        "                [ -d /data/more ] || mkdir /data/more\n                mkdir -p /data/workspace",
      ),
      text(
        release,
        '                rm -rf "$repo.partial"\n',
        '                # cat /secrets/github/token is what an older one did; /secrets/github/none too\n                rm -rf "$repo.partial"\n',
      ),
      beforeSync("apk add jq || true # cat /secrets/github/more"),
      text(
        secret,
        'COPILOT_AUTH_JSON: "{{ .OPENCODE_HA_COPILOT_AUTH_JSON }}"',
        "COPILOT_AUTH_JSON: |\n          {{ .OPENCODE_HA_COPILOT_AUTH_JSON }}",
      ),
      text(
        secret,
        'OPENCODE_SERVER_PASSWORD: "{{ .OPENCODE_HA_SERVER_PASSWORD }}"',
        "OPENCODE_SERVER_PASSWORD: |\n          {{- .OPENCODE_HA_SERVER_PASSWORD -}}\n",
      ),
    ],
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, [tree, edits]) => {
  await expectSilence(tree, edits);
});

/** The mistakes beside: each looks much like what is right. */
const beside: Record<string, Mistake[]> = {
  "clones that are in their own way, or are nowhere": [
    [
      script("git-clone", `${made}${asked}${usual.replace('rm -rf "$d.partial"\n', "")}`),
      "interrupted-clone",
      /clone/,
      /which nothing removes before/,
    ],
    [
      script(
        "git-clone",
        `${made}${asked}git ${helper} clone "$REPOSITORY_URL" "$d".partial\n`,
        "opencode-flux",
      ),
      "interrupted-clone",
      /clone/,
      /leaves it there/,
    ],
  ],
};

it.each(Object.entries(beside))("finds %s", { timeout: 120_000 }, (_, mistakes) =>
  expectFound("manifests", mistakes),
);
