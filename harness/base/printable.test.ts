import { styleText } from "node:util";
import { expect, it } from "vitest";
import { printable } from "./printable.ts";

it.each([
  ["what hides the text", "a\u001b[8mb", "a␛[8mb"],
  ["what moves the cursor", "a\u001b[1A\u001b[2Kb", "a␛[1A␛[2Kb"],
  ["what fills the clipboard", "a\u001b]52;c;eA==\u0007b", "a␛]52;c;eA==␇b"],
  ["what writes over the line", "a\rb", "a␍b"],
  ["what takes characters back", "a\bb\u007f", "a␈b␡"],
  ["the same in one byte", "a\u009b2Kb", "a\\u009b2Kb"],
  ["what turns the direction round", "a\u202eb\u2066", "a\\u202eb\\u2066"],
])("%s is shown, not done", (_, text, shown) => {
  expect(printable(text)).toBe(shown);
});

it("lines, tabs and colours stay", () => {
  const colours = (["bold", "dim", "red", "green", "yellow", "cyan"] as const).map((style) =>
    styleText(style, "text", { validateStream: false }),
  );
  const text = `${colours.join("\n")}\tä😀`;
  expect(printable(text)).toBe(text);
  expect(printable("a\r\nb")).toBe("a\nb");
});
