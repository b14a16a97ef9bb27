import { expect, it } from "vitest";
import { parseSource } from "./source.ts";

it.each(["auto", "registry", "packages"])("knows %s", (word) => {
  expect(parseSource(word)).toBe(word);
});

it("refuses another word as wrong usage", () => {
  expect(() => parseSource("docker")).toThrow(
    expect.objectContaining({ code: "usage", message: "--images is docker" }),
  );
});
