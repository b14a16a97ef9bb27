import type { Fault } from "../../finding.ts";
import { withoutWords } from "../../reading/clone-commands.ts";
import type { Inspected } from "../../reading/inspected.ts";
import type { Needle } from "../../reading/place.ts";
import { withoutHereDocuments } from "../../reading/plain-script.ts";
import { named, type Script, scriptsIn } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

/** One fault for each script that has the text. */
function saying(
  pattern: RegExp,
  needle: Needle,
  told: (script: Script) => Pick<Fault, "message" | "remedy">,
  textOf = ({ text }: Script) => text,
) {
  return (inspected: Inspected): Fault[] =>
    scriptsIn(inspected)
      .filter((script) => script.hasSecret && pattern.test(textOf(script)))
      .map((script) => ({ ...told(script), ...script.at(needle) }));
}

const traces = saying(
  /(^|[\s;&|/])(set\s+-[a-wyz]*x|set\s+-o\s+xtrace|(ba)?sh\s+-[a-wyz]*x)/m,
  /set -\w*x|xtrace|sh -\w*x|^\s*- -\w*x/,
  (script) => ({
    message: `${named(script)} traces its script, and with it every secret that a variable or a command has`,
    remedy: "take -x away, and leave set -eu",
  }),
);

const inAddress = saying(
  /:\/\/[^\s"']*\$[^\s@]*[^@\n]{0,80}@|x-access-token:[^\n]{0,120}\$[^\n]{0,120}@/,
  /@/,
  (script) => ({
    message: `${named(script)} puts the token into an address: processes, logs and .git/config show it`,
    remedy: "let git ask a credential helper that reads the mounted file",
  }),
);

/** In double quotes the shell itself puts the token in its place, before git is called. */
const inDoubleQuotes = /credential\.helper[= ]"(?:[^"\\$\n]|\\.|\$(?!\())*\$\(/;

const toldAsArgument = (script: Script) => ({
  message: `${named(script)} hands git the token on its command line`,
  remedy: "let git ask a credential helper that reads the mounted file, and write it in single quotes",
});

const asArgument = saying(inDoubleQuotes, /credential\.helper/i, toldAsArgument);

const asHeader = saying(
  /extraheader[=\s][^\n]*(authorization|\$)/i,
  /extraheader/i,
  toldAsArgument,
  // What the shell itself writes into a file of settings is no argument of a process.
  ({ text }) => withoutWords(withoutHereDocuments(text)),
);

const printed = saying(
  /(^|[\s;&|{(])(env|printenv|export -p|set)\s*($|[;|&})])/m,
  /\b(env|printenv|export -p)\b/,
  (script) => ({
    message: `${named(script)} prints its environment, in which a secret is`,
    remedy: "print the one variable that is of interest",
  }),
);

function leftNetrc(inspected: Inspected): Fault[] {
  return scriptsIn(inspected)
    .filter(({ text }) => />[^\n]*\.netrc/.test(text) && !/\b(rm|shred)\b[^\n]*\.netrc/.test(text))
    .map((script) => ({
      message: `${named(script)} leaves the token in a .netrc`,
      remedy: "remove it when the clone is made (trap 'rm -f ~/.netrc' EXIT), or use a credential helper",
      ...script.at(".netrc"),
    }));
}

function unredacted(inspected: Inspected): Fault[] {
  return scriptsIn(inspected)
    .filter(({ variables }) => /^(0|false|no|off)$/i.test(variables.GIT_TRACE_REDACT ?? ""))
    .map((script) => ({
      message: `${named(script)} lets git's traces show the token (GIT_TRACE_REDACT)`,
      remedy: "leave GIT_TRACE_REDACT out",
      ...script.at(/GIT_TRACE_REDACT/),
    }));
}

/** How a script shows a secret. */
export const scriptSecretRules = [
  rule({
    id: "trace-shows-secret",
    title: "no script traces what it does with a secret",
    pitfalls: [3],
    find: traces,
  }),
  rule({ id: "token-in-address", title: "no token is in an address", pitfalls: [3], find: inAddress }),
  rule({
    id: "token-as-argument",
    title: "no token is on a command line",
    pitfalls: [3],
    find: (inspected) => [...asArgument(inspected), ...asHeader(inspected)],
  }),
  rule({
    id: "environment-printed",
    title: "no script prints its environment",
    pitfalls: [3],
    find: printed,
  }),
  rule({ id: "netrc-left", title: "no .netrc stays", pitfalls: [3], find: leftNetrc }),
  rule({ id: "git-trace", title: "git's traces hide the token", pitfalls: [3], find: unredacted }),
];
