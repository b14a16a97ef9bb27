import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { Tree } from "../gitops/index.ts";
import { seedCalls } from "./seed-calls.ts";

const path = "scripts/seed-copilot-auth.sh";
const both = ["opencode-flux", "opencode-ha"];

function calls(script: string, document = "", workspaces = both) {
  const file = (content: string) => ({ content: Buffer.from(content), mode: "100644" as const });
  const tree = new Tree([
    [path, file(script)],
    ["docs/login.md", file(document)],
  ]);
  return seedCalls(tree, path, workspaces).map(({ args, of }) => `${of.join("+")}: ${args.join(" ")}`);
}

const ours = await readFile(join(checkoutDir, "manifests", path), "utf8");

describe("a seed script is called", () => {
  it("as the documents of the tree show it", () => {
    const fence =
      "```sh\nscripts/seed-copilot-auth.sh --sync flux\n```\n\n```bash\n./seed-copilot-auth.sh ha # then\n```\n";
    expect(calls(ours, fence)).toEqual(["opencode-flux: --sync flux", "opencode-ha: ha"]);
  });

  it("once for all, where a document shows it so", () => {
    const all =
      "Run `scripts/seed-copilot-auth.sh all`, or first `scripts/seed-copilot-auth.sh --dry-run all`.";
    expect(calls(ours, all)).toEqual(["opencode-flux+opencode-ha: all"]);
    for (const call of ["bash scripts/seed-copilot-auth.sh", "TOKEN=x ./seed-copilot-auth.sh"])
      expect(calls('echo "$1"', `Run \`${call}\`.`)).toEqual(["opencode-flux+opencode-ha: "]);
    expect(calls(ours, "```sh\n$ scripts/seed-copilot-auth.sh\n```")).toEqual([
      "opencode-flux+opencode-ha: ",
    ]);
  });

  it.each([
    ["prose", "Run scripts/seed-copilot-auth.sh and wait."],
    ["prose that names it", "The login comes from `scripts/seed-copilot-auth.sh`."],
    [
      "a list of files",
      "```\nscripts/\n└── seed-copilot-auth.sh\n```\n\n```\nscripts/seed-copilot-auth.sh   stores a login\n```",
    ],
    ["what is done to its file", "```sh\nchmod +x scripts/seed-copilot-auth.sh\n```"],
    [
      "what is left to fill in",
      "`seed-copilot-auth.sh [options] <flux|ha>`, `seed-copilot-auth.sh $WORKSPACE`",
    ],
  ])("by no words of %s", (_what, document) => {
    expect(calls(ours, document)).toEqual(["opencode-flux: --sync flux", "opencode-ha: --sync ha"]);
  });

  it.each([
    [
      "takes none",
      'fail() { echo "$1"; }\nneed() {\n  echo "$1"\n}\nneed doppler',
      ["opencode-flux+opencode-ha: "],
    ],
    [
      "knows the whole name",
      'case "$1" in opencode-flux | opencode-ha) ;; esac',
      ["opencode-flux: opencode-flux", "opencode-ha: opencode-ha"],
    ],
    ["knows all alone", 'case "$1" in all) ;; esac', ["opencode-flux+opencode-ha: all"]],
    ["takes an option alone", "while getopts v flag; do :; done", ["opencode-flux+opencode-ha: "]],
    [
      "wants one and names none",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
      'store "${1:?which workspace}"',
      ["opencode-flux: opencode-flux", "opencode-ha: opencode-ha"],
    ],
    ["comments on one alone", '# --sync flux: later\nstore "$1"', ["opencode-flux+opencode-ha: "]],
  ])("by its text where no document shows it: one that %s", (_what, script, expected) => {
    expect(calls(script)).toEqual(expected);
  });
});
