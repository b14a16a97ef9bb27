import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { Tree } from "../gitops/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { recoveryDocument } from "./recovery-document.ts";

const path = "kubernetes/apps/opencode/node-lost.md";
const workspace = { name: "opencode-ha", facts: testFacts("opencode-ha", { runbook: path }) };

const ours = readFileSync(join(checkoutDir, "manifests", path), "utf8");
const block = (command: string) => `\`\`\`sh\n${command}\n\`\`\`\n`;

describe("recoveryDocument", () => {
  it("parts what is done while the node is off from what is done when it is back", () => {
    const text = `# Lost\n${block("off")}\n## 5. When the node is back\n${block("back 1")}\ntext\n\n${block("back 2")}`;
    const { whileOff, whenBack } = recoveryDocument(Tree.of([[path, text]]), workspace);
    expect(whileOff.map(({ command }) => command)).toEqual(["off"]);
    expect(whenBack.map(({ command }) => command)).toEqual(["back 1", "back 2"]);
  });

  it("refuses a tree without the document", () => {
    expect(() => recoveryDocument(Tree.of([]), workspace)).toThrow(
      "the tree has no document for opencode-ha",
    );
  });

  it.each([
    ["nothing for the time after", `# Lost\n${block("off")}`, "no block of commands below a heading"],
    ["nothing for the time before", `# The node is back\n${block("back")}`, "for as long as the node is off"],
  ])("refuses a document with %s", (_, text, message) => {
    expect(() => recoveryDocument(Tree.of([[path, text]]), workspace)).toThrow(message);
  });
});

describe("the document of this repository", () => {
  const { whileOff, whenBack } = recoveryDocument(Tree.of([[path, ours]]), workspace);

  it("has blocks that bash can read, and that need no variable but NODE", async () => {
    for (const { command } of [...whileOff, ...whenBack]) {
      await execa("bash", ["-n", "-c", command]);
      const variables = [...command.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name]) => name);
      expect(variables.filter((name) => name !== "NODE")).toEqual([]);
    }
  });

  it("is linked from the README", () => {
    expect(readFileSync(join(checkoutDir, "manifests", "README.md"), "utf8")).toContain(`](${path})`);
  });
});
