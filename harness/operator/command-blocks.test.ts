import { describe, expect, it } from "vitest";
import { commandBlocks } from "./command-blocks.ts";

const document = [
  "# Title", // 1
  "",
  "```sh", // 3
  "first one",
  "second one",
  "```",
  "", // 7
  "## Later",
  "```yaml",
  "kind: Pod",
  "```",
  "", // 12
  "1. In a list:", // 13
  "",
  "   ```sh",
  "   in a list",
  "   ```",
  "",
  "No fence: `sh`",
].join("\n");

describe("commandBlocks", () => {
  it("finds every fence that says sh, with its heading and line, also inside a list", () => {
    expect(commandBlocks(document)).toEqual([
      { heading: "Title", line: 3, command: "first one\nsecond one" },
      { heading: "Later", line: 13, command: "in a list" },
    ]);
  });

  it("finds none in a document without", () => {
    expect(commandBlocks("# Title\n\n    indented\n")).toEqual([]);
  });
});
