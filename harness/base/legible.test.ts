import { expect, it } from "vitest";
import { legible } from "./legible.ts";

it("leaves what a person could have written as it is", () => {
  const script = `set -eu\ngit clone "$url" /data/repo\n${"true && ".repeat(500)}true\n`;
  expect(legible(script)).toBe(script);
});

it("cuts data, and keeps the lines and quotes around it", () => {
  const archive = "QUJD/+a=".repeat(20_000);
  expect(legible(`a\necho '${archive}' | base64 -d\nb\n`)).toMatch(
    /^a\necho '[\w+/=-]{512}' \| base64 -d\nb\n$/,
  );
});

it("does not take what is too long for anybody", () => {
  expect(legible("git -C ".repeat(2_000))).toBeUndefined();
  expect(legible("git -C a\n".repeat(10_000))).toBeUndefined();
});
