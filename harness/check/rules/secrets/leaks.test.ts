import { expect, it } from "vitest";
import type { Tree } from "../../../gitops/index.ts";
import {
  beforeSync,
  checked,
  type Edit,
  expectFound,
  expectNothing,
  expectUntold,
  type Mistake,
  release,
  text,
} from "../test-check.ts";
import { asked, cloned, made, script } from "../test-script.ts";

const printing = (line: string): Edit =>
  text(release, '                  echo "auth.json is there, kept"\n', `                  ${line}\n`);

it("finds a part of a token that is printed", { timeout: 300_000 }, async () => {
  const line = 'echo "token used: $(cut -c1-60 /secrets/github/pat)"';
  await expectFound("manifests", [[beforeSync(line), "secret-printed", /token used/, /logs/]]);
});

it("has nothing against what prints a token for a program that asks for it", {
  timeout: 300_000,
}, async () => {
  const lines = `token() {
  cat /secrets/github/pat
}
export TOKEN="$(token)"
cat > /tmp/askpass <<'END'
#!/bin/sh
cat /secrets/github/pat
END
echo "it has $(wc -c < /secrets/github/pat) characters, and begins with $(head -c 4 /secrets/github/pat)"`;
  await expectNothing("manifests", [beforeSync(lines.replaceAll("\n", `\n${" ".repeat(16)}`))]);
});

it.each<[string, (tree: Tree) => void]>([
  [
    "a .netrc that is removed",
    (tree) => {
      tree.replaceText(
        release,
        "                sync\n",
        '                echo "x $(cat /secrets/github/pat)" > "$HOME/.netrc"\n                rm -f "$HOME/.netrc"\n                sync\n',
      );
    },
  ],
])("has nothing against %s", { timeout: 60_000 }, async (_, edit) => {
  const { findings } = await checked(edit);
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
});

it("finds that a script says in what a login differs", () =>
  expectFound("manifests", [
    [printing("diff auth.json /secrets/copilot/auth.json"), "secret-printed", /diff auth/, /\(diff …\)/],
  ]));

it.each([
  "diff -q auth.json /secrets/copilot/auth.json",
  "diff --brief auth.json /secrets/copilot/auth.json",
  "diff auth.json /secrets/copilot/auth.json > /dev/null",
  "cmp -s auth.json /secrets/copilot/auth.json",
])("says nothing of %s", (line) => expectUntold(["secret-printed"], [printing(line)]));

/** The mistakes beside: each looks much like what is right. */
const beside: Record<string, Mistake[]> = {
  "tokens that are left and told": [
    [
      script(
        "git-clone",
        `${made}${asked}${cloned(`git -c credential.helper='store --file=/data/workspace/credentials' clone "$REPOSITORY_URL" "$d.partial"`)}`,
      ),
      "credentials-left",
      /store/,
      /leaves the token/,
    ],
    [
      script(
        "git-clone",
        `${made}${asked}basic=$(base64 < /secrets/github/pat)\n${cloned(`git -c http.extraHeader="Authorization: Basic $basic" clone "$REPOSITORY_URL" "$d.partial"`)}`,
        "opencode-flux",
      ),
      "token-as-argument",
      /extraHeader/,
      /command line/,
    ],
  ],
};

it.each(Object.entries(beside))("finds %s", { timeout: 120_000 }, (_, mistakes) =>
  expectFound("manifests", mistakes),
);
