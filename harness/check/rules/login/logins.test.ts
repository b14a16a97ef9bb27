import { it } from "vitest";
import {
  expectFound,
  expectNothing,
  expectTold,
  type LoneMistake,
  type Mistake,
  release,
  secret,
  text,
} from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "login-overwritten",
    title: "a login that is written at every start",
    edit: text(
      release,
      'if [ -f auth.json ] && [ "$(cat auth.json.seeded 2>/dev/null)" = "$wanted" ]; then',
      "if false; then",
    ),
    line: /auth\.json/,
    message: /writes auth\.json of opencode-ha whenever the pod starts/,
  },
  {
    rule: "login-readable",
    title: "a login for everybody",
    edit: text(release, "chmod 600 auth.json", "chmod 644 auth.json"),
    line: /chmod 644/,
    message: /gives auth\.json mode 644/,
  },
  {
    rule: "login-overwritten",
    title: "a login that is never written again",
    edit: text(
      release,
      '[ -f auth.json ] && [ "$(cat auth.json.seeded 2>/dev/null)" = "$wanted" ]',
      "[ -f auth.json ]",
    ),
    line: /auth\.json/,
    message: /never writes auth\.json again/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "a digest in a directory that goes with the pod": [
    "manifests",
    [
      [
        text(release, "auth.json.seeded", "/tmp/auth.json.seeded"),
        "login-overwritten",
        /auth\.json/,
        /whenever the pod starts/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

it("has nothing against a digest that is moved into place, and a key that is put into lines", () =>
  expectNothing("manifests", [
    text(
      release,
      'echo "$wanted" > auth.json.seeded',
      'echo "$wanted" > /tmp/auth.json.seeded; mv /tmp/auth.json.seeded "/data/opencode-data"/auth.json.seeded',
    ),
    text(
      secret,
      "{{ .OPENCODE_HA_GITHUB_PAT }}",
      '{{ .OPENCODE_HA_GITHUB_PAT | replace \\"\\\\n\\" \\"\\\\n\\" }}',
    ),
  ]));
