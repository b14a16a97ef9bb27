import { it } from "vitest";
import {
  beforeSync,
  type Edit,
  expectFound,
  expectSilence,
  type Mistake,
  release,
  text,
} from "./test-check.ts";

const fluxRelease = "kubernetes/apps/opencode/opencode-flux/app/helmrelease.yaml";
const helper = `'!f() { if [ "$1" = get ]; then echo username=x-access-token; echo "password=$(cat /secrets/github/pat)"; fi; }; f'`;
const kept = 'if [ -f auth.json ] && [ "$(cat';
const noted = '                  echo "$wanted" > auth.json.seeded\n';
const copied = "                  cp /secrets/copilot/auth.json auth.json.new\n";
const every =
  (file: string, from: string, to: string): Edit =>
  (tree) => {
    const before = tree.text(file);
    tree.replaceText(file, before, before.replaceAll(from, to));
  };

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, Mistake[]> = {
  "blanks and orders that a hand slips on": [
    [
      text(release, '[ -d "$repo/.git" ]', '[-d "$repo/.git" ]'),
      "script-blank",
      /\[-d/,
      /a program called \[-d/,
    ],
    [
      text(fluxRelease, "                git -c credential", "                exec git -c credential"),
      "never-reached",
      /exec git/,
      /\(sync\) is never done/,
    ],
    [
      text(release, kept, 'if [ -f auth.json ] || [ "$(cat'),
      "login-kept-for-ever",
      /auth\.json/,
      /a new login never comes/,
    ],
    [
      (tree) => {
        text(fluxRelease, noted, "")(tree);
        text(fluxRelease, copied, `${noted}${copied}`)(tree);
      },
      "login-noted-first",
      />.*seeded/,
      /before it is/,
    ],
    [
      text(release, '"$LIBRARY_SHA256  $library" |', '"$LIBRARY_SHA256 $library" |'),
      "digest-line",
      /sha256sum -c/,
      /busybox wants two/,
    ],
  ],
  "what git is told": [
    [
      text(release, 'clone "$REP', 'clone --sparse "$REP'),
      "sparse-clone",
      /--sparse/,
      /topmost directory alone/,
    ],
    [
      text(fluxRelease, 'clone "$REP', 'clone --separate-git-dir=/data/git "$REP'),
      "repository-apart",
      /separate-git-dir/,
      /a file where/,
    ],
    [text(release, '"$1" = get', '"$1" = fetch'), "helper-silent", /clone/, /answers fetch/],
    [text(fluxRelease, "echo username=x-access-token; ", ""), "helper-silent", /clone/, /no username=/],
  ],
  "where a clone is put": [
    [
      every(release, '"$repo.partial"', '"/tmp/clone"'),
      "clone-moved",
      /clone/,
      /another volume than \/data\/workspace/,
    ],
    [
      (tree) => {
        const before = tree.text(fluxRelease);
        tree.replaceText(
          fluxRelease,
          before,
          before.replace(/ {16}if \[ -e "\$repo" \]; then[\s\S]*? {16}fi\n/, ""),
        );
        text(
          fluxRelease,
          '                rm -rf "$repo.partial"\n',
          '                mkdir -p "$repo"\n                rm -rf "$repo.partial"\n',
        )(tree);
      },
      "clone-moved",
      /mv /,
      /mv puts it inside/,
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, mistakes) => {
  await expectFound("manifests", mistakes);
});

/** A script's line of several, as deep as it stands in the release. */
const lines = (...all: string[]) => all.join(`\n${" ".repeat(16)}`);

/** Other ways to write what is right. */
const right: Record<string, Edit[]> = {
  "what a script ends with, and asks": [
    beforeSync(
      lines(
        'case "$repo" in',
        "  [a-z]*) exit 1 ;;",
        "  /data/*) : ;;",
        "esac",
        'if [ ! -d "$repo.partial" ]; then',
        "  exec true",
        "fi",
        "stop() {",
        "  exit 1",
        "}",
        '[ -n "$repo" ] || exit 1',
        "(exit 0)",
        "exec 3>/dev/null",
        "cat > /tmp/later <<'END'",
        "exit 0",
        "[-d x]",
        "END",
      ),
    ),
    text(release, '"$LIBRARY_SHA256  $library" |', '"$LIBRARY_SHA256 *$library" |'),
  ],
  "what git may be told": [
    text(release, 'clone "$REP', 'clone --sparse "$REP'),
    beforeSync('git -C "$repo.partial" sparse-checkout disable'),
    text(fluxRelease, helper, helper.replace("echo username=x-access-token; ", "")),
    text(fluxRelease, "https://github.com/jbaker/k8s", "https://x-access-token@github.com/jbaker/k8s"),
  ],
  "a helper that asks for both": [
    text(release, '"$1" = get ]', '"$1" = get ] || [ "$1" = fill ]'),
    text(
      fluxRelease,
      'if [ -e "$repo" ]; then',
      'if [ -e "$repo" ]; then\n                  mkdir -p "$repo.old"',
    ),
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, edits) => {
  await expectSilence("manifests", edits);
});
