import { posix } from "node:path";
import { escapeRegExp, isAtOrBelow } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { plainPath, withoutWords } from "../../reading/clone-commands.ts";
import { ofBusybox } from "../../reading/images.ts";
import { type Inspected, variablesOf } from "../../reading/inspected.ts";
import { wholePath } from "../../reading/script-paths.ts";
import {
  isConditional,
  named,
  type Script,
  scriptsIn,
  stopsOnError,
  withoutFunctions,
} from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

/** A command that asks the world outside, with the rest of its pipeline. */
const outside =
  /(?<=^|[\s;&|({`])(?:wget|curl|npx|npm\s+(?:-\S+\s+)*(?:i|ci|install|add|exec|pack)|(?:pnpm|yarn|bun)\s+(?:add|install)|pip3?\s+install|apk\s+(?:-\S+\s+)*(?:add|update|upgrade)|apt(?:-get)?\s+(?:-\S+\s+)*(?:install|update))(?=\s)(?:[^\n]*[|&][ \t]*\n)*[^\n]*/gm;

const address = /https?:\/\/(?:[^\s"'/@]*@)?([^\s"'/:|;&)]+)/g;
/** What the cluster itself answers. */
const isNear = (host: string): boolean =>
  !host.includes(".") || /^(127|10|192\.168)\.|\.(local|svc|internal)$|\.svc\./.test(host);

/** What its last command does with nothing to read. */
const failsOnNothing = /^\s*(?:sudo\s+)?(?:\/\S*\/)?(?:tar|gunzip|gzip|unzip|bunzip2|xz|zstd|jq|sha\d+sum)\b/;

/** Whether a script ends where a command of it fails. */
function endsTheStart(text: string, command: string, index: number): boolean {
  const row = text.slice(text.lastIndexOf("\n", index) + 1, index) + command;
  if (/\|\||&&|(?:^|[\s;])(?:if|elif|while|until|!)\s|&\s*$|--(?:help|version)\b/.test(row)) return false;
  if (isConditional(text, index) || /^[ \t]*[)}]\s*(?:\|\||&&)/m.test(text.slice(index))) return false;
  const hosts = [...command.matchAll(address)].map(([, host = ""]) => host);
  if (/^(wget|curl)/.test(command) && !hosts.some((host) => !host.includes("$") && !isNear(host)))
    return false;
  const last = command.split("|").at(-1) ?? "";
  return !command.includes("|") || failsOnNothing.test(last) || /\bpipefail\b/.test(text);
}

/** Whether the script has ended before, where something is so: that all is there, for instance. */
const isAskedBefore = (text: string, index: number): boolean =>
  [...text.slice(0, index).matchAll(/\b(?:exit|return)(?:\s+0)?\s*(?=[;}\n])/g)].some((end) =>
    isConditional(text, end.index),
  );

function needsOutside(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const { workspace, container, isClone } = script;
    const { facts } = workspace;
    const isHelper = facts.initContainers.includes(container.name);
    const isNeeded = isClone || facts.login?.container === container.name;
    if (!isHelper || isNeeded || !stopsOnError(script) || /\bset\s+\+\w*e/.test(script.text)) return [];
    const text = withoutFunctions(withoutWords(script.text));
    const found = [...text.matchAll(outside)].find(
      ({ 0: command, index }) => endsTheStart(text, command, index) && !isAskedBefore(text, index),
    );
    if (!found) return [];
    const [program = ""] = found[0].split(/\s/);
    return {
      message: `${named(script)} ends where ${program} gets no answer: an outage outside keeps a workspace from starting that has all it needs on its volume`,
      remedy: "let the script go on (|| true), or ask first whether it is there already",
      ...script.at(/^\s*(?![\s#]).*\b(?:wget|curl|npm|npx|pnpm|yarn|bun|pip3?|apk|apt|apt-get)\s/),
    };
  });
}

const asks = /\b(?:sha\d+sum|shasum|b2sum|md5sum|cosign|minisign|gpgv?|openssl\s+dgst|slsa-verifier)\b/;
/** Whether a digest or a signature is asked for; that of the login is of no download. */
const isProved = (text: string): boolean =>
  text.split("\n").some((row) => asks.test(row) && !/\bauth[\w.-]*\.json/.test(row));

/** Whether that is asked for from a place of a script on, in a function that is called there too. */
const isProvedAfter = (text: string, index: number): boolean =>
  isProved(text.slice(index)) ||
  [
    ...text.slice(0, index).matchAll(/^[ \t]*(\w+)\s*\(\)\s*\{([^\n]*\}[ \t]*$|[\s\S]*?\n\s*\}[ \t]*$)/gm),
  ].some(
    ([, name = "", body = ""]) =>
      isProved(body) && new RegExp(`(?<![\\w-])${escapeRegExp(name)}(?![\\w-])`).test(text.slice(index)),
  );

const downloads = /(?<=^|[\s;&|({`])(?:wget|curl)\s(?:[^\n]*[|&][ \t]*\n)*[^\n]*/gm;

/** Where a download leaves what it brings. */
function outputsOf(command: string): string[] {
  const given = [
    ...command.matchAll(/\s-\w*[oO]\s*["']?([^\s"'|;&]+)|--output(?:-document)?[=\s]["']?([^\s"'|;&]+)/g),
    ...command.matchAll(/>\s*["']?([^\s"'|;&]+)/g),
    ...command.matchAll(/\s(?:-C|--directory)[=\s]["']?([^\s"'|;&]+)/g),
  ].map(([, short, long]) => short ?? long ?? "");
  const files = given.filter((path) => path !== "-" && !path.startsWith("/dev/"));
  const [url = ""] = /https?:\/\/[^\s"'|;&)]+/.exec(command) ?? [];
  const isPiped = /\|(?!\|)/.test(command);
  const own = url === "" || isPiped || (/^curl/.test(command) && files.length === 0) ? [] : [url];
  const named = files.filter((path) => !path.startsWith("http"));
  return named.length > 0 ? named : own.map((path) => posix.basename(path));
}

const runs = /\|\s*(?:sudo\s+)?(?:\/\S*\/)?(?:ba|da|a)?sh\b/;
const isProgram = (path: string): boolean => /(^|\/)s?bin(\/|$)/.test(path);

/** What of a download is run: it goes to a shell, is made executable, or moved to where programs are. */
function runFrom(text: string, command: string, index: number): string | undefined {
  if (runs.test(command)) return "a script";
  const whole = (path: string, at: number) => wholePath(text, at, plainPath(path)) ?? plainPath(path);
  const fetched = outputsOf(command).map((path) => whole(path, index));
  const isFetched = (path: string) => fetched.some((one) => isAtOrBelow(path, one));
  const direct = fetched.find(isProgram);
  if (direct !== undefined) return direct;
  for (const { 1: verb = "", 2: rest = "", index: at } of text.matchAll(
    /(?<=^|[\s;&|({`])(tar|unzip|mv|cp|install|chmod|sh|bash)\s([^\n;&|]*)/gm,
  )) {
    if (at < index) continue;
    const words = rest.trim().split(/\s+/);
    const paths = words.filter((word) => !/^-/.test(word)).map((path) => whole(path, at));
    const from = paths.find(isFetched);
    const to = paths.at(-1);
    if (from === undefined || to === undefined) continue;
    const isMade = verb === "chmod" && /(?:^|\s)(?:[ugoa]*\+\w*x|0?[1357]\d\d|0?7\d\d)(?=\s)/.test(rest);
    if (isMade || verb === "sh" || verb === "bash") return from;
    const into = /\s-[Cd]\s*(\S+)/.exec(` ${rest}`)?.[1];
    if (verb === "tar" || verb === "unzip") fetched.push(whole(into ?? ".", at));
    else if (to !== from) fetched.push(to);
    if ((verb === "mv" || verb === "cp" || verb === "install") && isProgram(to)) return to;
  }
  return undefined;
}

/** What a workspace's containers load or run as it came: who answers for the address has a shell there. */
function unproved(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const { workspace, container } = script;
    const text = withoutWords(script.text);
    const { BUN_PTY_LIB: library } = variablesOf(workspace);
    const [first] = [...text.matchAll(downloads)].flatMap(({ 0: command, index }) => {
      // A digest that is asked for with what echo says is asked for all the same.
      if (isProvedAfter(script.text, index)) return [];
      const isLoaded = library !== undefined && script.text.includes(posix.basename(library));
      const what = isLoaded && container !== workspace.app ? library : runFrom(text, command, index);
      const isOfWhat = (one: Script) =>
        what !== undefined && one.text.split(/[\s"'/=]+/).includes(posix.basename(what));
      const isAskedLater = laterOf(script, inspected).some((one) => isOfWhat(one) && isProved(one.text));
      return what === undefined || isAskedLater ? [] : what;
    });
    if (first === undefined) return [];
    return {
      message: `${named(script)} fetches ${first} and asks for no digest: whoever answers for its address has OpenCode's container run what he likes`,
      remedy: 'write echo "$SHA256  $file" | sha256sum -c between the download and its use',
      ...script.at(/^\s*(?![\s#]).*\b(?:wget|curl)\s/),
    };
  });
}

/** The containers that run after one, before OpenCode. */
function laterOf({ workspace, container }: Script, inspected: Inspected): Script[] {
  const { initContainers } = workspace.facts;
  const later = new Set(initContainers.slice(initContainers.indexOf(container.name) + 1));
  return initContainers.includes(container.name)
    ? scriptsIn(inspected).filter((one) => one.workspace === workspace && later.has(one.container.name))
    : [];
}

const sums =
  /\b(?:echo|printf)\s+(?:"([^"\n]*)"|'([^'\n]*)')[^\n|]*\|\s*(?:busybox\s+)?sha\d+sum\s+(?:-\w*c|--check)[^\n]*/g;

/** busybox reads a digest, two blanks (or one and a `*`), and a name; of a line with one blank it says that it is none. */
function oneBlank(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    if (!ofBusybox.test(script.container.image ?? "")) return [];
    const found = [...script.text.matchAll(sums)].find(([, double, single]) => {
      const line = (double ?? single ?? "").replace(/\\n$/, "");
      return /^\S+[ \t][^\s*]\S*$/.test(line);
    });
    if (!found) return [];
    return {
      message: `${named(script)} gives sha256sum one blank between digest and name, and busybox wants two: it never finds that they fit, and what was fetched is thrown away`,
      remedy: 'write two blanks: echo "$DIGEST  $file" | sha256sum -c',
      ...script.at(/\bsha\d+sum\s+(-\w*c|--check)/),
    };
  });
}

/** What is fetched at a start. */
export const downloadRules = [
  rule({
    id: "start-needs-outside",
    title: "a start needs nobody outside for what it can do without",
    severity: "warning",
    find: needsOutside,
  }),
  rule({
    id: "download-unproved",
    title: "what is fetched and run is proved",
    pitfalls: [3],
    severity: "warning",
    find: unproved,
  }),
  rule({ id: "digest-line", title: "digests are compared", pitfalls: [3], find: oneBlank }),
];
