import { expect, it } from "vitest";
import { block, cell, code, fenced } from "./markdown.ts";

const hostile = "a\u202eb\u001b[31mc\u0007`d`|<img src=x>@owner";

it("what is anybody's is code, whatever is in it", () => {
  expect(code(hostile)).toBe("`` a\\u202ebc␇`d`|<img src=x>@owner ``");
  expect(cell("a|b")).toBe("`a\\|b`");
  expect(code("a\n\n# b")).toBe("`a # b`");
});

it.each(["a|b", "a\\|b", "a\\\\|b", "|", "\\\\\\|"])("%s ends no cell of a table", (text) => {
  // As cmark-gfm finds where a cell ends.
  const [first] = /^(?:\\[!-/:-@[-`{-~]|[^|\n])+/.exec(cell(text)) ?? [];
  expect(first).toBe(cell(text));
});

it.each([block, (text: string) => fenced(text, "diff")])(
  "no text turns round what stands beside it",
  (made) => {
    for (const control of ["\u202e", "\u001b", "\u0007"]) expect(made(hostile)).not.toContain(control);
    expect(made("a\nb").split("\n").length).toBeGreaterThan(1);
  },
);
