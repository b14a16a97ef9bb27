import { escapeRegExp } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import type { Needle } from "../../reading/place.ts";
import { plainScript } from "../../reading/plain-script.ts";
import { named, type Script, scriptsIn } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

type Told = [message: string, remedy: string, needle: Needle];

/** What is said of scripts, each in one place. */
const slip =
  (find: (script: Script, plain: string) => Told | undefined) =>
  (inspected: Inspected): Fault[] =>
    scriptsIn(inspected).flatMap((script) => {
      const [message, remedy, needle] = find(script, plainScript(script.text)) ?? [];
      return message && remedy && needle
        ? [{ message: `${named(script)} ${message}`, remedy, ...script.at(needle) }]
        : [];
    });

/** Of every shell, and of the kubelet's. */
const given =
  /^(HOME|PATH|PWD|OLDPWD|IFS|OPTARG|OPTIND|PPID|RANDOM|LINENO|HOSTNAME|https?_proxy|no_proxy|KUBERNETES_\w+|\w+_SERVICE_(HOST|PORT\w*))$/;

/** With `set -u` a shell ends at a name that nobody has given a value. */
const unset = slip(({ container: { env = [], envFrom = [] }, variables, shebang, container }, plain) => {
  const head = `${shebang}\n${(container.command ?? []).join(" ")}\n${plain}`;
  const setsElsewhere = envFrom.length > 0 || /(^|[\s;&|])(\.|source|eval)\s/m.test(plain);
  const isStrict = /\bset\s+-\w*u|\bset\s+-o\s+nounset|\b(ba|da|a)?sh\s+-\w*u/.test(head);
  if (!isStrict || setsElsewhere || /\bset\s+\+\w*u/.test(plain)) return undefined;
  const known = new Set([
    ...Object.keys(variables),
    ...env.map(({ name }) => name),
    ...[...plain.matchAll(/(?:^|[\s;&|({])(?:export\s+|local\s+|readonly\s+)?(\w+)=/gm)].map(
      ([, name]) => name,
    ),
    ...[...plain.matchAll(/\$\{(\w+):?=/g)].map(([, name]) => name),
    ...[
      ...plain.matchAll(
        /\b(?:for|read(?:\s+-\w+|\s+["'][^\n"']*["'])*|mapfile(?:\s+-\w+)*|printf\s+-v|getopts\s+\S+|local|export)\s+(\w+(?:\s+\w+)*)/g,
      ),
    ].flatMap(([, names = ""]) => names.split(/\s+/)),
  ]);
  const used = [...plain.matchAll(/(?<![\\$])\$(?:(\w+)|\{(\w+)\})/g)].map(
    ([, bare, braced]) => bare ?? braced ?? "",
  );
  // Names in capitals may be the image's.
  const isOurs = (one: string) => /^[a-z]/.test(one) || (/^[A-Z]/.test(one) && near(one, known) !== "");
  const name = used.find((one) => isOurs(one) && !known.has(one) && !given.test(one));
  if (name === undefined) return undefined;
  return [
    `uses $${name}, which nobody sets: with set -u it ends there`,
    `spell it as it was set${near(name, known)}, or give it in env`,
    new RegExp(`\\$\\{?${escapeRegExp(name)}\\b`),
  ];
});

function near(name: string, known: ReadonlySet<string | undefined>): string {
  const letters = [...name].sort().join("");
  const found = [...known].find((one) => one !== undefined && [...one].sort().join("") === letters);
  return found === undefined ? "" : ` ($${found}?)`;
}

/** Blanks where a shell takes none, or wants one. */
const blanks = slip((_, plain) => {
  const [assigned] = /^\s*[a-z_]\w*\s+=\s+\S.*$/m.exec(plain) ?? [];
  if (assigned !== undefined) {
    const [name = ""] = assigned.trim().split(/\s/);
    return [
      `runs a program called ${name}: there is a blank before the =`,
      `write ${name}=… without blanks`,
      `${name} =`,
    ];
  }
  const [test] =
    /(?:^|\s|!)\[\s[^\]\n]*[^\s\]]\](?=\s*(?:;|&&|\|\||$))/m.exec(plain.replaceAll(/\[\[[^\n]*?\]\]/g, "")) ??
    [];
  if (test !== undefined)
    return [
      "has a [ whose ] is a part of the last word: the question always fails",
      "write a blank before ]",
      /(^|\s)\[\s[^\]]*[^\s\]]\]\s*(;|&&|\|\||$)/,
    ];
  // Letters of a pattern of case stand before a ).
  const [, glued] =
    /(?:^[ \t]*|[;&|!][ \t]*|\b(?:if|elif|while|until|then|else|do)[ \t]+)(\[(?![\s[])[^\]\n]*\])(?=[ \t]*(?:;|&&|\|\||$))/m.exec(
      plain,
    ) ?? [];
  if (glued !== undefined)
    return [
      `runs a program called ${glued.split(/\s/)[0]}: there is no blank behind the [, and the question always fails`,
      "write a blank behind [",
      glued.split(/\s/)[0] ?? "[",
    ];
  const [line] = /^.*\\[ \t]+$/m.exec(plain) ?? [];
  if (line === undefined) return undefined;
  return [
    "has a blank behind a backslash at the end of a line: the next line is a command of its own",
    "take the blank away",
    line.trimEnd(),
  ];
});

/** Of bash, which `sh` of the images is not. */
const ofBash = slip(({ container: { command = [] }, shebang }, plain) => {
  const isSh = /(^|\/)(sh|ash|dash)$/.test(command[0] ?? "") || /\/(sh|ash|dash)\b/.test(shebang);
  const [, found = ""] = /(?:^|[\s;&|(])(\w+=\([^)]*\)|[^\n]*?(?:<<<|<\())/m.exec(plain) ?? [];
  if (!isSh || found === "") return undefined;
  const [word = ""] = /<<<|<\(|\w+=\(/.exec(found) ?? [];
  return [`has ${word}, which sh does not know`, "write it without arrays, <<< and <(…)", word];
});

/** An init container that never ends. */
const endless = slip(({ workspace: { facts, workload }, container, text }, plain) => {
  const [found] = /^\s*(?:exec\s+)?(?:tail\s+-[fF]\b|sleep\s+(?:inf\w*|\d{5,}))[^\n]*/m.exec(plain) ?? [];
  const isHelper = workload.pod.initContainers?.some(({ name }) => name === container.name) === true;
  const restarts = (container as { restartPolicy?: string }).restartPolicy === "Always";
  if (found !== undefined && isHelper && !restarts)
    return ["never ends: OpenCode waits for it", "take the line away", found.trim()];
  const isAwaited =
    facts.clones.some((one) => one.container === container.name) || facts.login?.container === container.name;
  if (!restarts || !isHelper || !isAwaited || /\b(while|until|exec)\b|tail\s+-f/.test(text)) return undefined;
  return [
    "has restartPolicy: Always: nobody waits until it is done, and it begins again whenever it is",
    "leave restartPolicy out",
    /restartPolicy/,
  ];
});

/** A variable in single quotes is a text. */
const quoted = slip(({ container: { env = [], command = [], args = [] } }) => {
  // As it was written: with its variables put in nothing is seen of it.
  const text = [...command, ...args].join("\n");
  const name = env
    .map((one) => one.name)
    .find(
      (one) =>
        new RegExp(`(?<![\\w=])'\\$\\{?${escapeRegExp(one)}\\}?'(?!\\w)`).test(text) &&
        !/\b(envsubst|awk|trap|eval|su)\b|sh -\w*c/.test(text),
    );
  if (name === undefined) return undefined;
  return [
    `has $${name} in single quotes, where it is a text and no value`,
    "write double quotes",
    `'$${name}'`,
  ];
});

/** Digests that no file has. */
const digests = slip(({ container: { env = [] } }) => {
  const wrong = env.find(
    ({ name, value = "" }) =>
      /SHA_?256(SUM)?$/i.test(name) && value !== "" && !/^\$|^sha256-|^(sha256:)?[0-9a-f]{64}$/i.test(value),
  );
  if (wrong === undefined) return undefined;
  return [
    `compares with ${wrong.name}, which is no SHA-256: it has ${wrong.value?.length} letters, and one has 64`,
    "take the whole digest",
    new RegExp(escapeRegExp(wrong.name)),
  ];
});

/** Lines that end as Windows ends them: a shell takes the return for a part of the last word. */
function returns({ of, concernsUs, placeOf, home: { tree } }: Inspected): Fault[] {
  return of("ConfigMap")
    .filter(concernsUs)
    .flatMap((one) => {
      const { data = {} } = one.object as { data?: Record<string, string> };
      const name = Object.keys(data).find(
        (field) => data[field]?.startsWith("#!") && data[field]?.includes("\r"),
      );
      if (name === undefined) return [];
      const file = [...tree.files.keys()].find(
        (path) => path.endsWith(`/${name}`) && tree.text(path).includes("\r"),
      );
      return {
        message: `the script ${name} of ConfigMap ${one.object.metadata.name} has lines that end as Windows ends them: no shell can run it`,
        remedy: "save it with LF alone",
        ...(file ? { file, line: 1 } : placeOf(one, name)),
      };
    });
}

/** What a hand slips on in a script. */
export const scriptSlipRules = [
  rule({ id: "variable-unset", title: "scripts use what is set", isBlocker: true, find: unset }),
  rule({ id: "script-blank", title: "blanks stand where a shell wants them", find: blanks }),
  rule({ id: "not-of-sh", title: "scripts of sh are written for it", isBlocker: true, find: ofBash }),
  rule({ id: "never-done", title: "init containers end", isBlocker: true, find: endless }),
  rule({ id: "single-quoted", title: "variables are no texts", find: quoted }),
  rule({ id: "digest-short", title: "digests are whole", find: digests }),
  rule({ id: "carriage-return", title: "lines of scripts end with LF", isBlocker: true, find: returns }),
];
