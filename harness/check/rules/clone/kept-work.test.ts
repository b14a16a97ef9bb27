import { it } from "vitest";
import { expectFound, expectNothing, fluxRelease, policy, release, secret, text } from "../test-check.ts";

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
