import { posix } from "node:path";
import { escapeRegExp } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { documentsIn, type OwnersDocument } from "../../reading/documents.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { rule } from "../../rule.ts";

interface Call {
  script: string;
  /** Whether it is run as a program, and not given to a shell. */
  isProgram: boolean;
  options: string[];
  words: string[];
  place: OwnersDocument["commands"][number]["place"];
}

/** Calls of scripts of the tree. */
function callsIn({ commands }: OwnersDocument): Call[] {
  return commands.flatMap(({ text, place }) => {
    const typed = text.trim().split(/\s+/);
    const interpreter = /^(?:\/\S*\/)?(?:ba|da|z|k)?sh$/.test(typed[0] ?? "") ? typed[0] : undefined;
    const [first = "", ...rest] = interpreter === undefined ? typed : typed.slice(1);
    if (!/^(\.\/)?[\w.-]+(\/[\w.-]+)*\.sh$/.test(first) || !first.includes("/")) return [];
    const options = rest.filter((word) => word.startsWith("-")).map((word) => word.split("=")[0] ?? "");
    const words = rest.filter((word) => /^[a-z][\w-]*$/.test(word));
    return [{ script: posix.normalize(first), isProgram: interpreter === undefined, options, words, place }];
  });
}

/** Whether a script's `case` has a word. */
const takes = (script: string, word: string): boolean =>
  !/^\s*case\b/m.test(script) || new RegExp(`(^|[\\s|(])${escapeRegExp(word)}\\s*[|)]`, "m").test(script);

function otherCalls(inspected: Inspected): Fault[] {
  const { tree } = inspected.home;
  return documentsIn(inspected).flatMap((document) =>
    callsIn(document).flatMap(({ script, isProgram, options, words, place }) => {
      const name = posix.basename(document.file);
      const file = [...tree.files.keys()].find((path) => path === script || path.endsWith(`/${script}`));
      if (file === undefined) {
        const others = [...tree.files.keys()].filter((path) => path.endsWith(".sh"));
        return {
          message: `${name} runs ${script}, which is not in the tree`,
          remedy: `name one that is there: ${others.join(", ") || "none is"}`,
          ...place,
        };
      }
      const text = tree.text(file);
      const unknown = [...options, ...words].find((word) => !takes(text, word));
      if (options.includes("--dry-run")) {
        return {
          message: `${name} runs ${script} with --dry-run, which changes nothing`,
          remedy: "take it away",
          ...place,
        };
      }
      if (isProgram && tree.files.get(file)?.mode === "100644") {
        return {
          message: `${name} runs ${script} as a program, and Git has it as a plain file: no shell may run it`,
          remedy: `git update-index --chmod=+x ${file}`,
          ...place,
        };
      }
      if (unknown === undefined) return [];
      return {
        message: `${name} gives ${script} the word ${unknown}, which it does not know`,
        remedy: `write what ${script} --help names`,
        ...place,
      };
    }),
  );
}

/** Each login is stored, each for another workspace: who logs in twice and stores once has one for nothing. */
function notStored(inspected: Inspected): Fault[] {
  return documentsIn(inspected)
    .filter(({ kind }) => kind === "login")
    .flatMap((document) => {
      const logins = document.commands.filter(({ text }) => /\bopencode\s+auth\s+login\b/.test(text));
      const calls = callsIn(document);
      const name = posix.basename(document.file);
      const place = logins.at(-1)?.place ?? { file: document.file, line: 1 };
      const stores =
        calls.length > 0 || document.commands.some(({ text }) => /\bdoppler\s+secrets\b/.test(text));
      if (!stores || (calls.length > 0 && calls.length < logins.length)) {
        return {
          message: `${name} logs in ${logins.length} times, and stores ${calls.length} of the logins: the others reach no workspace`,
          remedy: "run the seed script after each login",
          ...place,
        };
      }
      const twice = calls.find(
        ({ words }, index) =>
          words.length > 0 &&
          calls.slice(0, index).some((before) => before.words.join(" ") === words.join(" ")),
      );
      if (!twice) return [];
      return {
        message: `${name} stores two logins for ${twice.words.join(" ")}: the other workspace keeps the one that has expired`,
        remedy: "store the second for the other workspace",
        ...twice.place,
      };
    });
}

/** The document for a login that has expired. */
export const loginDocumentRules = [
  rule({
    id: "document-calls",
    title: "documents call scripts as those are",
    pitfalls: [11],
    find: otherCalls,
  }),
  rule({ id: "login-not-stored", title: "each new login is stored", pitfalls: [11], find: notStored }),
];
