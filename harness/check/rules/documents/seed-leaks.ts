import { posix } from "node:path";
import { escapeRegExp } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { rule } from "../../rule.ts";
import { isSeedScript } from "./seed-script.ts";

const sending = /(?<=^|[\s;&|({])(curl|wget|nc|ncat|socat|scp|sftp|rsync|gh|aws|mail|sendmail)\s/;
const copying = /(?<=^|[\s;&|({])(cp|install|mv|ln|tee|dd)\s/;

/** Where the login goes beside Doppler: sent to somebody, or to a file that stays. */
function otherPlaces({ home: { tree } }: Inspected): Fault[] {
  return [...tree.files.keys()]
    .filter((file) => isSeedScript(tree, file))
    .flatMap((file) => {
      const text = tree.text(file);
      const given = /\bdoppler\s+secrets\s+set\b[^\n]*<\s*"?\$\{?(\w+)/.exec(text)?.[1];
      if (given === undefined) return [];
      const login = new RegExp(`\\$\\{?${escapeRegExp(given)}\\b`);
      // Its last word is where such a command puts what it copies: into the login's own file.
      const received = new RegExp(
        `\\b(?:cp|mv|install|scp|rsync)\\s[^;&|]*\\s["']?\\$\\{?${escapeRegExp(given)}\\}?["']?\\s*(?=$|[;&|)])`,
        "g",
      );
      return text.split("\n").flatMap((line, index) => {
        const plain = line
          .replaceAll(/(?:^|\s)#.*$/g, "")
          .replaceAll(/\b(?:echo|printf|fail)\s+"[^"]*"/g, "")
          .replaceAll(received, "");
        const [, program] = (login.test(plain) && (sending.exec(plain) ?? copying.exec(plain))) || [];
        if (program === undefined) return [];
        return {
          message: `${posix.basename(file)} gives the login to ${program}: it is to go to Doppler, and nowhere else`,
          remedy: "take the line away, and make a new login where it has ever run",
          file,
          line: index + 1,
        };
      });
    });
}

/** With a carriage return in its first line no shell of that name is there. */
function ofWindows({ home: { tree } }: Inspected): Fault[] {
  return [...tree.files.keys()]
    .filter((file) => isSeedScript(tree, file) && /^#![^\n]*\r\n/.test(tree.text(file)))
    .map((file) => ({
      message: `${posix.basename(file)} has lines that end as Windows ends them: no shell can run it`,
      remedy: "save it with LF alone",
      file,
      line: 1,
    }));
}

export const seedLeakRules = [
  rule({
    id: "seed-script-leaks",
    title: "the seed script gives the login to Doppler alone",
    pitfalls: [3, 10],
    find: otherPlaces,
  }),
  rule({
    id: "seed-script-unreadable",
    title: "a shell can run the seed script",
    pitfalls: [10],
    find: ofWindows,
  }),
];
