// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a shell substitutes it, not JavaScript.
import { expect, it } from "vitest";
import { assignmentsIn, expanded, shellScript } from "./shell.ts";

it("puts known variables into each other", () => {
  expect(assignmentsIn('ORG=acme\nURL="https://example.org/${ORG}"', {})).toEqual({
    ORG: "acme",
    URL: "https://example.org/acme",
  });
});

it("does not know what a command gives to a variable that was empty", () => {
  const lines = 'had=""\nif [ -f x ]; then had="$(cat x)"; fi\nnone=\nset="a"\nset=`date`';
  expect(assignmentsIn(lines, {})).toEqual({ none: "", set: "a" });
});

it("puts nothing in that nobody has set", () => {
  expect(expanded("$constructor ${toString} $known", { known: "x" })).toBe("$constructor ${toString} x");
});

it("has an end where lines set variables to each other", () => {
  const lines = Array.from({ length: 60 }, (_, index) => `A${index + 1}="$A${index}$A${index}"`);
  const found = assignmentsIn(`A0=0123456789\n${lines.join("\n")}`, {});
  expect(found.A2).toBe("0123456789".repeat(4));
  expect(Object.values(found).join("").length).toBeLessThan(2 ** 22);
});

it.each([
  ["${x%.git}", "/a/b.c"],
  ['${x%".git"}', "/a/b.c"],
  ["${x%.*}", "/a/b.c"],
  ["${x%%.*}", "/a/b"],
  ["${x##*/}", "b.c.git"],
  ["${x#*/}", "a/b.c.git"],
  ["${x%/*}", "/a"],
  ["${x%.zip}", "/a/b.c.git"],
  ["${y%.git}", "${y%.git}"],
  ["${z%.git}", "${z%.git}"],
])("takes away what %s says", (text, left) => {
  expect(expanded(text, { x: "/a/b.c.git", z: "$unknown" })).toBe(left);
});

it("has a path in quotes as a whole", () => {
  const script = `[ -d "$repo"/.git ] && mv "$repo".new "\${repo}" # "a"/b\necho "it's"/ 'x "$a"/b' "$(cat "$b"/c)"`;
  expect(shellScript(script)).toBe(
    `[ -d "$repo/.git" ] && mv "$repo.new" "\${repo}"\necho "it's"/ 'x "$a"/b' "$(cat "$b"/c)"`,
  );
});
