import { expect, it } from "vitest";
import { assertYaml } from "./assert-yaml.ts";

const check = (text: string) => () => assertYaml("tree/a.yaml", "a.yaml", Buffer.from(text));

it("wants an anchor before each alias, in the same document", () => {
  expect(check("a: &x {b: 1}\nc: *x\nd: [&y 1, *y]\n")).not.toThrow();
  expect(check("a: *x\nb: &x 1\n")).toThrow("tree/a.yaml:1:4: Alias *x has no anchor &x before it");
  expect(check("a: &x 1\n---\nb: *x\n")).toThrow("tree/a.yaml:3:4");
});

it("shows no more of a long line than can be read", () => {
  const long = `a: "${"x".repeat(100_000)}", ]`;
  const error = expect.objectContaining({ details: expect.stringMatching(/^.{1,200}\n {0,100}\^$/) });
  expect(check(long)).toThrow(error);
});

it("is not held up by many aliases", () => {
  const begin = performance.now();
  check(`a: &x 1\nb: [${"*x, ".repeat(30_000)}1]\n`)();
  // With a look through the whole document for each it would be minutes, in which no key ends the command.
  expect(performance.now() - begin).toBeLessThan(60_000);
});
