import { it } from "vitest";
import { expectFound, expectSilence, release, text } from "../test-check.ts";

const aside = `                if [ -e "$repo" ]; then
                  # Not ours to delete: somebody's files may be in it.
                  mv "$repo" "$repo.without-git.$(date +%s)"
                fi
`;

const indented = (lines: string) => lines.replaceAll(/^(?=.)/gm, " ".repeat(16));

it("finds a clone that is moved to its place, whatever stands there", () =>
  expectFound("manifests", [
    [
      text(release, aside, ""),
      "clone-inside",
      /mv "\$repo\.partial"/,
      /README\.md says .* move it aside first/,
    ],
  ]));

it.each([
  ["moved aside in one line", '[ ! -e "$repo" ] || mv "$repo" "$repo.$(date +%s)"\n'],
  ["refused", 'if [ -e "$repo" ]; then\n  echo "$repo is no clone" >&2\n  exit 1\nfi\n'],
  ["moved as it is if it is empty", 'rmdir "$repo" 2>/dev/null || true\n'],
  ["looked into", 'if [ -n "$(ls -A "$repo" 2>/dev/null)" ]; then exit 1; fi\n'],
])("has nothing against what is %s", (_, lines) =>
  expectSilence("manifests", [text(release, aside, indented(lines))]),
);
