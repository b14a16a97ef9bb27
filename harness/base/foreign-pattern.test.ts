import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isInText } from "./foreign-pattern.ts";

it.each([
  ["^TEAM_", "TEAM_PASSWORD", true],
  ["^PASS", "TEAM_PASSWORD", false],
  ["(?i)pass", "TEAM_PASSWORD", undefined],
  ["a(b", "a(b", undefined],
])("%s in %s: %s", (pattern, text, found) => {
  expect(isInText(pattern, text)).toBe(found);
});

it("is not tried for longer than a second, and once", () => {
  const begin = performance.now();
  for (let time = 0; time < 20; time += 1) expect(isInText("(a+)+$", `${"a".repeat(40)}!`)).toBeUndefined();
  expect(performance.now() - begin).toBeLessThan(15_000);
});

/** Names that only words of the harness, or what is escaped already, can have, where they are put into a pattern. */
const ours: Record<string, readonly string[]> = {
  "harness/check/reading/inspected.ts": ["variable"], // a \w+
  "harness/check/rules/secrets/leaks.ts": ['all.join("|")'],
  "harness/check/rules/secrets/sent-secrets.ts": ["all"], // of escaped parts
  "harness/check/rules/gateway/side-ways.ts": ["names"],
  "harness/check/rules/clone/clone-place.ts": ["place"],
  "harness/check/rules/login/logins.ts": ["name"],
  "harness/check/rules/clone/clone-moves.ts": ["place"], // escaped where it is made
  "harness/check/rules/clone/second-start.ts": ["mention", "variable"],
  "harness/check/rules/documents/seed-steps.ts": ["one", "variable"], // two words of ours, a \w+
  "harness/check/rules/documents/seed-target.ts": ["field"],
  "harness/engine/debian-packages.ts": ["name"],
  "harness/gitops/flux-starts.ts": ["pattern"], // of escaped parts
  "harness/rendering/facts/shell.ts": ["name"], // a \w+
  "harness/rendering/glob-prefixes.ts": ["negated", "set.replace"],
  "harness/rendering/kustomization-walk.ts": ["variable"], // of letters and digits, or Flux refuses it
};

it("no word of a tree is taken for a pattern", () => {
  const root = join(import.meta.dirname, "../..");
  const files = globSync("harness/**/*.ts", { cwd: root });
  const found = files
    .filter((file) => !/\.test\.ts$|\/test-check\.ts$|node_modules/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(root, file), "utf8");
      const patterns = [...text.matchAll(/new RegExp\(\s*(?:String\.raw)?`((?:[^`\\]|\\.)*)`/g)];
      const inserted = patterns.flatMap(([, pattern = ""]) => [...pattern.matchAll(/\$\{([^}]*)\}?/g)]);
      return inserted
        .map(([, word = ""]) => word)
        .filter(
          (word) => !/escapeRegExp|\.source\b/.test(word) && !ours[file]?.some((own) => word.startsWith(own)),
        )
        .map((word) => `${file}: ${word}`);
    });
  expect(found).toEqual([]);
});
