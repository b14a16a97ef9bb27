import { it } from "vitest";
import {
  beforeSync,
  type Edit,
  expectFound,
  expectSilence,
  fluxRelease,
  lines,
  type Mistake,
  release,
  text,
} from "../test-check.ts";

const kept = 'if [ -f auth.json ] && [ "$(cat';
const noted = '                  echo "$wanted" > auth.json.seeded\n';
const copied = "                  cp /secrets/copilot/auth.json auth.json.new\n";

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
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, mistakes) => {
  await expectFound("manifests", mistakes);
});

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
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, edits) => {
  await expectSilence("manifests", edits);
});

it("finds a step that begins again whenever it is done", () =>
  expectFound("manifests", [
    [
      text(
        release,
        "            dependsOn: git-clone\n",
        "            dependsOn: git-clone\n            restartPolicy: Always\n",
      ),
      "never-done",
      /restartPolicy: Always/,
      /nobody waits until it is done/,
    ],
  ]));
