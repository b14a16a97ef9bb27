import { expect, it } from "vitest";
import { excerptOf } from "./excerpt.ts";

const script = Array.from({ length: 20 }, (_, index) => `        line ${index + 1}`);
const text = [
  "initContainers:",
  "  git-clone:",
  "    image:",
  "      repository: x",
  "    command:",
  "      - /bin/sh",
  "      - -c",
  "      # why",
  "      - |",
  ...script,
  "    env:",
  "      A: b",
].join("\n");

it.each([
  ["the command", 5],
  ["the container", 2],
])("shows a script whole that stands below %s", (_, line) => {
  const { lines, firstLine } = excerptOf(text, "a.yaml", line);
  expect(firstLine + lines.length - 1).toBe(29);
  expect(lines.at(-1)).toContain("line 20");
});

it("shows a few lines around any other", () => {
  expect(excerptOf(text, "a.yaml", 30)).toMatchObject({ firstLine: 26, lines: { length: 6 } });
  expect(excerptOf(text, "a.yaml", 15)).toMatchObject({ firstLine: 11, lines: { length: 10 } });
  expect(excerptOf("a: 1\nb: 2\n", "a.yaml", 1)).toMatchObject({ firstLine: 1, lines: ["a: 1", "b: 2"] });
});

it("shows whole what a field has below it, where that is short", () => {
  const probes = [
    "probes:",
    ...Array.from({ length: 12 }, (_, index) => `  field${index}: x`),
    "next: 1",
  ].join("\n");
  expect(excerptOf(probes, "a.yaml", 1).lines.at(-1)).toBe("  field11: x");
  const long = probes.replace("next", `${"  more: x\n".repeat(30)}next`);
  expect(excerptOf(long, "a.yaml", 1).lines).toHaveLength(6);
});

it("ends within a script that is very long", () => {
  const long = text.replace("line 20\n", `line 20\n${"        more\n".repeat(100)}`);
  expect(excerptOf(long, "a.yaml", 5).lines.length).toBeLessThan(60);
});
