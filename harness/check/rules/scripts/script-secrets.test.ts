import { it } from "vitest";
import { cloneCommand, expectTold, type LoneMistake, release, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "trace-shows-secret",
    title: "set -x",
    edit: text(release, "set -eu\n                # Pitfall 8", "set -eux\n                # Pitfall 8"),
    line: /set -eux/,
    message: /container git-clone of opencode-ha traces/,
  },
  {
    rule: "token-in-address",
    title: "a token in the URL",
    edit: text(
      release,
      cloneCommand,
      'clone "https://x-access-token:$(cat /secrets/github/pat)@github.com/jbaker/home-assistant-config.git"',
    ),
    line: /@github/,
    message: /puts the token into an address/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
