import { posix } from "node:path";
import type { Fault } from "../finding.ts";
import type { Inspected } from "../inspected.ts";
import { rule } from "../rule.ts";

function seedScripts({ home }: Inspected): Fault[] {
  const files = [...home.tree.files.keys()].filter((path) => path.endsWith(".sh"));
  return files.flatMap((file) =>
    home.tree
      .text(file)
      .split("\n")
      .flatMap((text, index) => {
        if (!/\bdoppler\s+secrets\s+set\b/.test(text)) return [];
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
