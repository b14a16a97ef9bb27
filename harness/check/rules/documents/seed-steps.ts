import { posix } from "node:path";
import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { rule } from "../../rule.ts";

/** A script that puts a login into Doppler, with its continued lines joined to the first of them. */
interface Seed {
  file: string;
  name: string;
  text: string;
  lines: { text: string; line: number }[];
}

function seedsIn({ home: { tree } }: Inspected): Seed[] {
  return [...tree.files.keys()]
    .filter((file) => file.endsWith(".sh") && /\bdoppler\s+secrets\s+(set|upload)\b/.test(tree.text(file)))
    .map((file) => {
      const text = tree.text(file);
      const lines = [...text.matchAll(/(?:[^\n]*\\\n)*[^\n]*(?:\n|$)/g)].map(({ 0: row, index }) => ({
        text: row.replaceAll(/\\\n\s*/g, " ").trimEnd(),
        line: text.slice(0, index).split("\n").length,
      }));
      return {
        file,
        name: posix.basename(file),
        text,
        lines: lines.filter((one) => !/^\s*#/.test(one.text)),
      };
    });
}

type Told = Pick<Fault, "message" | "remedy" | "severity">;

const each =
  (find: (line: string, seed: Seed, inspected: Inspected) => Told | undefined) =>
  (inspected: Inspected): Fault[] =>
    seedsIn(inspected).flatMap((seed) =>
      seed.lines.flatMap(({ text, line }) => {
        const told = find(text, seed, inspected);
        return told ? [{ ...told, file: seed.file, line }] : [];
      }),
    );

const storing = /\bdoppler\s+secrets\s+set\b/;

/** `doppler secrets set KEY` takes the value from its standard input, and asks a person where that is a terminal. */
const storesNothing = each((line, { name }) => {
  if (/\bdoppler\s+secrets\s+upload\b/.test(line))
    return {
      message: `${name} uploads auth.json: Doppler makes a secret of each of its fields, and none of the login`,
      remedy: 'write doppler secrets set "$key" <"$file"',
    };
  if (!storing.test(line) || /</.test(line) || /\|\s*doppler\s+secrets\s+set\b/.test(line)) return undefined;
  const [, words = ""] = /\bsecrets\s+set\s+(.*)$/.exec(line) ?? [];
  // A value beside the key is one that every process reads, which has a finding of its own.
  if (/^(["']?)[^\s"']+=/.test(words) || /^["'][^"']*=/.test(words)) return undefined;
  return {
    message: `${name} gives doppler no value: it waits for one that nobody types, or stores an empty one`,
    remedy: 'let it read the file: doppler secrets set "$key" … <"$file"',
  };
});

/** Without both Doppler's own setting of the directory counts, on whichever machine it runs. */
const somewhere = each((line, { name, text }) => {
  const isSet = /\bDOPPLER_(PROJECT|CONFIG|TOKEN)\b|\bdoppler\s+setup\b/.test(text);
  if (!storing.test(line) || isSet) return undefined;
  const missing = (["project", "config"] as const).filter(
    (one) => !new RegExp(`\\s(--${one}|-${one[0]})[= ]`).test(line),
  );
  if (missing.length === 0 || missing.length === (/--project|--config/.test(text) ? 3 : 2)) return undefined;
  return {
    message: `${name} stores a login without --${missing.join(" and --")}: it goes to whatever Doppler is set to on that machine`,
    remedy: 'add --project "$project" --config "$config", as the question before has them',
  };
});

/** OpenCode keeps its logins in auth.json of its data directory. */
const otherFile = each((line, { name }) => {
  const [, path] = /^\s*(?:file|auth|auth_json|source)=["']?(.*?)["']?\s*$/.exec(line) ?? [];
  if (path === undefined || !/\/opencode\//.test(path)) return undefined;
  const isThere = /\/opencode\/auth\.json$/.test(path) && !/XDG_CONFIG_HOME|\.config\//.test(path);
  if (isThere) return undefined;
  return {
    message: `${name} takes the login from ${path}, and OpenCode keeps it in ~/.local/share/opencode/auth.json`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's variable.
    remedy: "write ${XDG_DATA_HOME:-$HOME/.local/share}/opencode/auth.json",
  };
});

/** The words that stand for workspaces in its `case`, and those that `all` stands for. */
function wordsOf({ text }: Seed): { single: string[]; all: string[] | undefined } {
  const [, all] = /^\s*all\s*\)[^\n]*?=["']([\w\s-]+)["']/m.exec(text) ?? [];
  const [, single = ""] = /^\s*([a-z][\w-]*(?:\s*\|\s*[a-z][\w-]*)*)\s*\)[^\n]*\$1/m.exec(text) ?? [];
  return { single: single.split(/[\s|]+/).filter(Boolean), all: all?.trim().split(/\s+/) };
}

const forgets = each((line, seed) => {
  const { single, all } = wordsOf(seed);
  if (!all || single.length < 2 || !/^\s*all\s*\)/.test(line)) return undefined;
  const lacking = single.filter((word) => !all.includes(word));
  const unknown = all.filter((word) => !single.includes(word));
  if (lacking.length === 0 && unknown.length === 0) return undefined;
  return {
    message: `${seed.name} all means ${all.join(", ")}${lacking.length > 0 ? `: nothing is stored for ${lacking.join(", ")}` : `, and there is no ${unknown.join(", ")}`}`,
    remedy: `let it be "${single.join(" ")}"`,
  };
});

/** The key of each workspace, as the shell makes it of the word. */
const otherKeys = each((line, seed, { home }) => {
  const [, quoted] = /^\s*key="(.*)"\s*$/.exec(line) ?? [];
  const { single } = wordsOf(seed);
  if (quoted === undefined || single.length === 0 || home.blind.length > 0) return undefined;
  const keyOf = (word: string) =>
    quoted
      .replaceAll(/\$\([^()]*\)/g, (command) => (/upper|A-Z|\^\^/.test(command) ? word.toUpperCase() : word))
      .replaceAll(/\$\{\w+\^\^\}/g, word.toUpperCase())
      .replaceAll(/\$\{?\w+\}?/g, word);
  const wrong = single.map(keyOf).find((one) => !(one in home.outside.doppler));
  const isPlain = !/\$\(/.test(quoted.replaceAll(/\$\([^()]*\)/g, ""));
  if (wrong === undefined || !isPlain) return undefined;
  return {
    message: `${seed.name} stores a login under ${wrong}, and Doppler is to have no key of that name`,
    remedy: `name a key as ${Object.keys(home.outside.doppler).find((one) => /AUTH/.test(one)) ?? "Doppler has it"}`,
  };
});

/** What OpenCode calls the provider, in its documents and in auth.json. */
const otherProvider = each((line, { name }) => {
  const [, asked] = /\bgrep\b[^\n]*?["']\\?"([\w-]+)\\?"["']/.exec(line) ?? [];
  if (asked === undefined || !/copilot/.test(asked) || /^github-copilot(-enterprise)?$/.test(asked))
    return undefined;
  return {
    message: `${name} looks for ${asked} in auth.json, where OpenCode calls it github-copilot: it takes no login at all`,
    remedy: `write '"github-copilot"'`,
  };
});

/** A value that a variable never has: what is asked for is never so. */
const neverSo = each((line, { name, text }) => {
  const questions = line.matchAll(/\[\s+"?\$\{?([a-z]\w*)\}?"?\s+(!?==?)\s+"?([a-z][\w-]*)"?\s+\]/g);
  for (const [, variable = "", , value = ""] of questions) {
    const given = [
      ...text.matchAll(new RegExp(`(?:^|[\\s;(])${variable}=("[^"]*"|'[^']*'|[^\\s;]*)`, "gm")),
    ].map(([, one = ""]) => one.replaceAll(/["']/g, ""));
    const isRead = new RegExp(`\\b(?:read|for|getopts)\\b[^\\n]*\\b${variable}\\b`).test(text);
    if (given.length < 2 || isRead || given.some((one) => one === value || /[$`]/.test(one))) continue;
    return {
      message: `${name} asks whether ${variable} is ${value}, and it is ${given.join(" or ")}: the answer is always the same`,
      remedy: `ask for ${given.at(-1)}`,
    };
  }
  return undefined;
});

/** The login on a terminal, and in whatever records it. */
const shows = each((line, { name }) => {
  const isShown =
    /^\s*(?:cat|head|tail|jq\s+\S+)\s+"?\$\{?file\}?"?\s*$/.test(line) ||
    /\b(?:echo|printf)\b[^\n|>]*\$\((?:cat\s+|<\s*)"?\$\{?file\}?"?\)[^|>]*$/.test(line);
  if (!isShown) return undefined;
  return {
    message: `${name} prints the login`,
    remedy: "take the line away",
  };
});

/** The steps by which a login gets from its owner's machine to Doppler. */
export const seedStepRules = [
  rule({
    id: "seed-script-stores-nothing",
    title: "the seed script stores what it was given",
    pitfalls: [10, 11],
    find: (inspected) => [
      ...storesNothing(inspected),
      ...otherFile(inspected),
      ...otherProvider(inspected),
      ...neverSo(inspected),
    ],
  }),
  rule({
    id: "seed-script-astray",
    title: "the seed script stores logins where they are looked for",
    pitfalls: [7, 10],
    find: (inspected) => [...otherKeys(inspected), ...forgets(inspected), ...somewhere(inspected)],
  }),
  rule({
    id: "seed-script-prints",
    title: "the seed script shows the login to nobody",
    pitfalls: [10],
    find: shows,
  }),
];
