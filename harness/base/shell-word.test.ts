import { execa } from "execa";
import { expect, it } from "vitest";
import { shellWord } from "./shell-word.ts";

it.each(["plain/path-1.0", "two words", "it's", "", '$HOME `id` "x" \\ *', "~", "line\nbreak"])(
  "a shell reads %j as it is",
  async (text) => {
    const { stdout } = await execa("sh", ["-c", `printf %s ${shellWord(text)}`]);
    expect(stdout).toBe(text);
  },
);

it("leaves alone what needs no quotes", () => {
  expect(shellWord("/cache/tools/kubectl")).toBe("/cache/tools/kubectl");
});
