import { it } from "vitest";
import { login, swapped } from "../documents/test-documents.ts";
import { expectFound, type Mistake } from "../test-check.ts";

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, Mistake[]> = {
  "how a login is made": [
    [
      login("--provider github-copilot", "--provider copilot"),
      "login-step-wrong",
      /--provider/,
      /which OpenCode calls github-copilot/,
    ],
    [login("--sync flux", "--sync all"), "login-step-wrong", /--sync all/, /one login for all workspaces/],
  ],
  "an option that there is none of, and a store that comes first": [
    [
      login("--provider github-copilot", "--providers=github-copilot"),
      "login-step-wrong",
      /--providers/,
      /the option --providers/,
    ],
    [
      swapped(
        "login-expired.md",
        "opencode auth login --providers=github-copilot\n",
        "scripts/seed-copilot-auth.sh --sync flux\n",
      ),
      "login-step-wrong",
      /--sync flux/,
      /before there is a new one/,
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, mistakes) => {
  await expectFound("manifests", mistakes);
});
