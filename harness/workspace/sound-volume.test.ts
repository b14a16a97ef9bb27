import { describe, expect, it } from "vitest";
import { troubleIn } from "./sound-volume.ts";

const sound = [
  "Filesystem state:         clean",
  "e2fsck 1.47.2 (1-Jan-2025)",
  "Pass 1: Checking inodes, blocks, and sizes",
  "e2fsck: 0",
  "sqlite: ok",
];
const withLine = (from: string, ...to: string[]) =>
  sound.flatMap((line) => (line.startsWith(from) ? to : line)).join("\n");

describe("troubleIn", () => {
  it("finds none when every checker is content", () => {
    expect(troubleIn(sound.join("\n"))).toBeUndefined();
  });

  it.each([
    [
      "the superblock's state",
      withLine("Filesystem state", "Filesystem state:         clean with errors"),
      'state is "clean with errors"',
    ],
    [
      "errors that the kernel has met",
      withLine("e2fsck 1", "FS Error count:           3"),
      "the kernel has met 3 errors",
    ],
    ["faults that e2fsck finds", withLine("e2fsck: ", "e2fsck: 4"), "e2fsck finds faults (exit code 4)"],
    [
      "a damaged database",
      withLine("sqlite", "sqlite: ok", "sqlite: row 7 missing from index"),
      "row 7 missing from index",
    ],
    ["a volume without a database", withLine("sqlite"), "there is no SQLite database on it"],
    ["an examination that ended early", "", "e2fsck finds faults (exit code none)"],
  ])("tells %s", (_, findings, trouble) => {
    expect(troubleIn(findings)).toContain(trouble);
  });
});
