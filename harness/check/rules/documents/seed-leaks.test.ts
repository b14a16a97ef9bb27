import { it } from "vitest";
import { expectFound, seed, text } from "../test-check.ts";

it("finds a copy of the login, and a script that nobody can run", () =>
  expectFound("manifests", [
    [
      text(seed, '  echo "stored $key in', '  cp "$file" /tmp/auth.json\n  echo "stored $key in'),
      "seed-script-leaks",
      /cp /,
      /gives the login to cp/,
    ],
    [
      (tree) => {
        const before = tree.text(seed);
        tree.remove(seed);
        tree.add(seed, before);
      },
      "document-calls",
      /seed-copilot-auth\.sh --sync flux/,
      /chmod=\+x/,
    ],
  ]));

it("takes a Windows line's end in the script for what it is", () =>
  expectFound("manifests", [
    [(tree) => tree.replaceText(seed, "\n", "\r\n"), "seed-script-unreadable", /#!/, /save it with LF/],
  ]));
