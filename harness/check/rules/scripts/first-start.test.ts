import { it } from "vitest";
import {
  beforeSync,
  coder,
  type Edit,
  expectFound,
  expectNothing,
  fluxRelease,
  type Mistake,
  release,
  text,
} from "../test-check.ts";

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what scripts ask, and when": [
    "manifests",
    [
      [
        text(release, '[ -d "$repo/.git" ]', '[ -d "$repo.git" ]'),
        "clone-not-found",
        /-d "\$repo\.git"/,
        /clones to/,
      ],
      [
        text(
          fluxRelease,
          '                  exit 0\n                fi\n                if [ -e "$repo"',
          '                fi\n                if [ -e "$repo"',
        ),
        "clone-in-any-case",
        /\.git/,
        /exit 0/,
      ],
      [
        text(release, 'echo "password=$(cat', 'echo "pass=$(cat'),
        "helper-without-password",
        /clone/,
        /no password=/,
      ],
      [
        text(
          release,
          '"$(cat auth.json.seeded 2>/dev/null)" = "$wanted"',
          '"$(cat auth.json.seeded 2>/dev/null)" != "$wanted"',
        ),
        "login-upside-down",
        /auth\.json/,
        /other way round/,
      ],
      [
        text(fluxRelease, "sha256sum < /secrets/copilot/auth.json", "sha256sum < auth.json"),
        "login-of-itself",
        /sha256sum/,
        /OpenCode's own/,
      ],
      [
        text(fluxRelease, "                chmod 600 auth.json auth.json.seeded\n", ""),
        "login-copied-read-only",
        /cp /,
        /0400/,
      ],
      [
        text(release, "            terminal-library:\n              - path: /data\n", ""),
        "nowhere-to-write",
        /terminal-library/,
        /\/data\/opencode-lib/,
      ],
      [
        text(fluxRelease, "                mkdir -p /data/opencode-lib\n", ""),
        "too-early",
        /cd \/data\/opencode-lib/,
        /mkdir -p/,
      ],
      [beforeSync("chown -R 1000:1000 /data"), "needs-root", /chown/, /fsGroup/],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** Other ways to write what is right. */
const right: Record<string, [tree: string, edits: Edit[]]> = {
  "scripts that ask and copy otherwise": [
    "manifests",
    [
      text(
        release,
        'if [ -f auth.json ] && [ "$(cat auth.json.seeded 2>/dev/null)" = "$wanted" ]; then\n                  echo "auth.json is there, kept"\n                else\n',
        'if [ ! -f auth.json ] || [ "$(cat auth.json.seeded 2>/dev/null)" != "$wanted" ]; then\n',
      ),
      text(
        release,
        "                chmod 600 auth.json auth.json.seeded\n",
        "                chmod 600 auth.json auth.json.seeded\n                chown 1000:1000 auth.json\n",
      ),
      text(
        fluxRelease,
        "                  cp /secrets/copilot/auth.json auth.json.new\n",
        "                  install -m 600 /secrets/copilot/auth.json auth.json.new\n",
      ),
      text(fluxRelease, "                chmod 600 auth.json auth.json.seeded\n", ""),
      text(fluxRelease, "cd /data/opencode-data\n", "cd /data/\n                cd opencode-data\n"),
      text(
        fluxRelease,
        '                  echo "$repo is there, not cloned again"\n                  exit 0\n                fi\n',
        '                  echo "$repo is there, not cloned again"\n                  exec true\n                fi\n',
      ),
      text(release, '[ -d "$repo/.git" ]', '[ -e "$repo/.git/HEAD" ]'),
      text(
        release,
        'echo "password=$(cat /secrets/github/pat)"',
        'printf "password=%s\\n" "$(cat /secrets/github/pat)"',
      ),
      text(release, "mkdir -p /data/opencode-lib\n", "install -d /data/opencode-lib\n"),
    ],
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, [tree, edits]) => {
  await expectNothing(tree, edits);
});

it("has nothing against scripts that speak of what they do not do", { timeout: 300_000 }, async () => {
  const clone = (lines: string) =>
    text(
      coder("statefulset.yaml"),
      "              cd /data\n",
      lines.replaceAll(/^(?=.)/gm, "              "),
    );
  await expectNothing("fixtures/trees/statefulset", [
    text(
      coder("statefulset.yaml"),
      "              cd /data/share/opencode\n",
      "              cd /data/share/opencode/\n",
    ),
    clone(`# OpenCode does mkdir /srv/cache/opencode itself, it's said
mkdir -p /home/coder /data \\
  /data/made
cd /data/made
cd /data/
echo "it's from /data -> /srv/elsewhere/x"
place=/data/place; cut='$other'
: "$$\${depth:=1}"
if ! touch /srv/cache/x 2>/dev/null; then echo "can't write at $place, depth $depth"; fi
cat > /data/hook <<'END'
mkdir /srv/hooks/x
echo "$unknown"
END
cd /data
`),
  ]);
});
