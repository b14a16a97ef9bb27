import { expect, it } from "vitest";
import type { Tree } from "../../../gitops/index.ts";
import { beforeSync, checked, expectFound, expectNothing, release } from "../test-check.ts";

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
