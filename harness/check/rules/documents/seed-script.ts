import { posix } from "node:path";
import type { Tree } from "../../../gitops/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { rule } from "../../rule.ts";

const stores = /\bdoppler\s+secrets\s+set\b/;

/** Whether a file is a script that puts a login into Doppler. */
export const isSeedScript = (tree: Tree, file: string): boolean =>
  file.endsWith(".sh") && stores.test(tree.text(file));

function seedScripts({ home }: Inspected): Fault[] {
  const files = [...home.tree.files.keys()].filter((path) => isSeedScript(home.tree, path));
  return files.flatMap((file) =>
    home.tree
      .text(file)
      .split("\n")
      .flatMap((text, index) => {
        if (!stores.test(text)) return [];
        const place = { file, line: index + 1 };
        const isArgument = /\bset\s+[^<|]*=\s*["']?\$\(|\bset\s+["'][^"']*=\$/.test(text);
        const argument = {
          message: `${posix.basename(file)} hands the login to doppler as an argument: every process can read it`,
          remedy: "let doppler read it from standard input",
          ...place,
        };
        const shown = {
          message: `${posix.basename(file)} shows what doppler prints after a change: the values`,
          remedy: "give --silent, and send the output to /dev/null",
          ...place,
        };
        return [...(isArgument ? [argument] : []), ...(/--silent|>\s*\/dev\/null/.test(text) ? [] : [shown])];
      }),
  );
}

export const seedScriptRules = [
  rule({
    id: "seed-script-shows",
    title: "the seed script shows the login to nobody",
    pitfalls: [10],
    find: seedScripts,
  }),
];
