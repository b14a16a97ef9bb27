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
import { asked, made, script, usual } from "../test-script.ts";
import { aside, isThere } from "./test-clone.ts";

const mended = (name: string) => `if [ -d "$repo/${name}" ]; then`;

/** Mistakes that do not hide each other, all made in one tree. */
const together: Record<string, Mistake[]> = {
  "a question without an end, and one for a file": [
    [
      text(release, `${isThere}\n                  exit 0\n`, `${isThere}\n`),
      "clone-in-any-case",
      /\.git/,
      /clones also where/,
    ],
    [
      beforeSync("git -C /data/workspace/home-assistant-config reset"),
      "work-moved",
      /reset/,
      /runs git reset on the clone/,
    ],
    [text(fluxRelease, '[ -d "$repo/.git" ]', '[ -f "$repo/.git" ]'), "clone-not-found", /-f/, /directory/],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, mistakes) => {
  await expectFound("manifests", mistakes);
});

/** Other ways to write what is right. */
const right: Record<string, Edit[]> = {
  "what is done in one branch, and in a function that is asked for": [
    text(
      release,
      `${mended(".git")}\n                  ${isThere}\n                  exit 0\n                fi\n`,
      lines(
        "update() {",
        '  git -C "$repo" checkout main',
        "}",
        '[ -d "$repo/.git" ] && { echo "it is there"; exit 0; }',
        "",
      ),
    ),
    text(release, aside, 'rmdir "$repo"'),
    text(release, 'echo "$repo cloned"', 'git -C "$repo" checkout develop'),
    text(fluxRelease, aside, `${aside}; rm -rf "$repo"`),
    text(fluxRelease, 'clone "$REPOSITORY_URL"', 'clone --no-single-branch "$REPOSITORY_URL"'),
    text(
      fluxRelease,
      mended(".git"),
      '[ -d "$repo/.git" ] || rm -rf "$repo.partial"\n                if [ -d "$repo/.git" ]; then',
    ),
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, edits) => {
  await expectSilence("manifests", edits);
});

/** The mistakes beside: each looks much like what is right. */
const beside: Record<string, Mistake[]> = {
  "clones in any case": [
    [
      script("git-clone", `${made}${asked.replace("exit 0", 'echo "a clone is there"')}${usual}`),
      "clone-in-any-case",
      /\.git/,
      /only says so/,
    ],
    [
      script(
        "git-clone",
        `${made}${asked}answer() {\n  printf 'password=%s\\n' "$(cat /secrets/github/pat)"\n}\nanswer\n${usual}`,
        "opencode-flux",
      ),
      "secret-printed",
      /password/,
      /prints a secret \(printf/,
    ],
  ],
};

it.each(Object.entries(beside))("finds %s", { timeout: 120_000 }, (_, mistakes) =>
  expectFound("manifests", mistakes),
);
