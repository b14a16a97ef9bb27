import { it } from "vitest";
import {
  beforeSync,
  type Edit,
  expectFound,
  expectNothing,
  expectSilence,
  fluxRelease,
  lines,
  type Mistake,
  policy,
  release,
  secret,
  text,
} from "../test-check.ts";
import { aside, isThere } from "./test-clone.ts";

it("finds what a start does to the work and to the login by other words", () =>
  expectFound("manifests", [
    [
      text(release, 'echo "$repo is there, not cloned again"', 'git -C "$repo" restore .'),
      "work-destroyed",
      /restore/,
      /what was not committed is gone/,
    ],
    [
      text(fluxRelease, 'echo "$repo is there, not cloned again"', 'git -C "$repo" stash -u'),
      "work-destroyed",
      /stash/,
      /runs git stash/,
    ],
    [
      text(release, "> auth.json.seeded", "> /tmp/auth.json.seeded"),
      "login-overwritten",
      /auth\.json/,
      /whenever the pod starts/,
    ],
    [
      text(policy, "      name: opencode-ha", "      name: opencode-flux"),
      "policy-twice",
      /name: opencode-flux/,
      /BackendTrafficPolicy opencode-flux and BackendTrafficPolicy opencode-ha are both for HTTPRoute opencode-flux/,
    ],
    [
      text(secret, "{{ .OPENCODE_HA_SERVER_PASSWORD }}", "{{ .OPENCODE_HA_SERVER_PASSWORD | trunc 8 }}"),
      "secret-changed",
      /trunc/,
      /goes through trunc/,
    ],
    [
      text(secret, "{{ .OPENCODE_HA_GITHUB_PAT }}", "{{ substr 0 8 .OPENCODE_HA_GITHUB_PAT }}"),
      "secret-changed",
      /substr/,
      /goes through substr/,
    ],
  ]));

it.each([
  [
    "what git shows, or keeps",
    'git -C "$repo" stash list; git -C "$repo" restore --staged .; git -C "$repo" restore -S .',
  ],
  ["what is put away and brought back", 'git -C "$repo" stash; git -C "$repo" stash pop'],
  ["words about it", 'echo "$repo/.git is there; use git stash before you pull"'],
  ["another program's words", '[ -d "$repo/.git" ] || restic restore latest --target /data'],
])("takes %s for harmless", (_what, line) =>
  expectNothing("manifests", [text(release, 'echo "$repo is there, not cloned again"', line)]),
);

it("finds what git does with options before its verb, and of the index too", () =>
  expectFound("manifests", [
    [
      text(
        release,
        'echo "$repo is there, not cloned again"',
        'git -c core.pager=cat -C "$repo" switch -f main',
      ),
      "work-destroyed",
      /switch/,
      /runs git switch -f/,
    ],
    [
      text(fluxRelease, 'echo "$repo is there, not cloned again"', '/usr/bin/git -C "$repo" checkout .'),
      "work-destroyed",
      /checkout/,
      /runs git checkout \./,
    ],
  ]));

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
  "what git cleans": [
    [text(release, isThere, 'git -C "$repo" clean -d -f'), "work-destroyed", /clean/, /git clean -d -f/],
    [text(fluxRelease, isThere, 'git -C "$repo" clean -x --force'), "work-destroyed", /clean/, /--force/],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, mistakes) => {
  await expectFound("manifests", mistakes);
});

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
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, edits) => {
  await expectSilence("manifests", edits);
});
