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

/** A script's line of several, as deep as it stands in the release. */
const lines = (...all: string[]) => all.join(`\n${" ".repeat(16)}`);
const isThere = 'echo "$repo is there, not cloned again"';
const aside = 'mv "$repo" "$repo.without-git.$(date +%s)"';
/** Mistakes that do not hide each other, all made in one tree. */
const together: Record<string, Mistake[]> = {
  "what takes the work elsewhere, and one branch alone": [
    [
      text(release, isThere, 'git -C "$repo" checkout main'),
      "work-moved",
      /checkout main/,
      /ha runs git checkout .*leave the clone alone/,
    ],
    [
      text(fluxRelease, isThere, 'cd "$repo"; git -c core.pager=cat submodule --quiet update --init'),
      "work-moved",
      /submodule/,
      /flux runs git submodule --quiet update/,
    ],
    [text(release, aside, 'rm -rf "$repo"'), "work-removed", /rm -rf "\$repo"/, /mv "\/data\/workspace/],
    [text(fluxRelease, aside, 'rm -r -f "$repo/.git"'), "work-removed", /\.git/, /is gone/],
    [
      text(release, 'clone "$REPOSITORY_URL"', 'clone --branch main --single-branch "$REPOSITORY_URL"'),
      "one-branch",
      /--single-branch/,
      /no other can be checked out/,
    ],
  ],
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
  "what git cleans": [
    [text(release, isThere, 'git -C "$repo" clean -d -f'), "work-destroyed", /clean/, /git clean -d -f/],
    [text(fluxRelease, isThere, 'git -C "$repo" clean -x --force'), "work-destroyed", /clean/, /--force/],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, mistakes) => {
  await expectFound("manifests", mistakes);
});

const mended = (name: string) => `if [ -d "$repo/${name}" ]; then`;

/** Other ways to write what is right. */
const right: Record<string, Edit[]> = {
  "what git reads and fetches of a clone that is there, and does to a new one": [
    text(
      release,
      isThere,
      lines(
        'git -C "$repo" config pull.rebase true; git -C "$repo" fetch --all || true',
        'git -C "$repo" branch --list; git -C "$repo" branch -u origin/main || true; git -C "$repo" clean -n -d',
        'echo "git checkout main, or git reset, is yours"',
      ),
    ),
    beforeSync(
      lines(
        'git -C "$repo.partial" checkout develop',
        'git -C "$repo.partial" submodule update --init --recursive',
        'cd "$repo.partial"; git branch -D main',
      ),
    ),
    text(fluxRelease, 'echo "$repo cloned"', 'git -C "$repo" switch develop; git -C "$repo" reset'),
    text(
      fluxRelease,
      isThere,
      'if [ -z "$(git -C "$repo" status --porcelain)" ]; then git -C "$repo" checkout main; fi',
    ),
  ],
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
