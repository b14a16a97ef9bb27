import { it } from "vitest";
import {
  beforeSync,
  type Edit,
  every,
  expectFound,
  expectSilence,
  fluxRelease,
  type Mistake,
  release,
  text,
} from "../test-check.ts";

const helper = `'!f() { if [ "$1" = get ]; then echo username=x-access-token; echo "password=$(cat /secrets/github/pat)"; fi; }; f'`;

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, Mistake[]> = {
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

/** Other ways to write what is right. */
const right: Record<string, Edit[]> = {
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
