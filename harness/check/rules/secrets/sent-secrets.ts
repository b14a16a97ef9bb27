import { escapeRegExp } from "../../../base/index.ts";
import { readableSecrets } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { withoutWords } from "../../reading/clone-commands.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { named, type Script, scriptsIn } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

/** A command that speaks to the network, with all its words, and what they are piped to. */
const sending =
  /(?<=^|[\s;&|({])(?:\/\S*\/)?(curl|wget|nc|ncat|netcat|socat|telnet|ftp|tftp|scp|sftp|rsync|openssl\s+s_client|nslookup|dig)\s(?:"[^"\n]*"|'[^'\n]*'|[^;&|"'\n]|&(?!&)|\|(?!\|))*(?:["'][^\n]*)?/gm;

/** Whose token or login it is: they are asked with it. */
const own =
  /\bhttps:\/\/(?:[\w-]+\.)*(?:github\.com|githubcopilot\.com|githubusercontent\.com|doppler\.com)(?=[/:"'\s?]|$)/;
const address = /\b(?:https?|ftp|tcp):\/\/[^\s"']+/g;
/** OpenCode itself, in the same pod. */
const loopback = /(?:^|[\s/@"'])(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/\s"']|$)/;

/** Files and variables of a container in which a secret is, and what a script has put one into. */
function holders({ workspace, container, text }: Script): RegExp | undefined {
  const readable = readableSecrets(workspace.workload, container).flatMap(({ path, variable }) => [
    ...(path === undefined ? [] : [escapeRegExp(path)]),
    ...(variable === undefined ? [] : [`\\$\\{?${escapeRegExp(variable)}\\b`]),
  ]);
  if (readable.length === 0) return undefined;
  const all = readable.join("|");
  const taken = [
    ...text.matchAll(
      new RegExp(`^\\s*(?:export\\s+)?(\\w+)=["']?\\$\\((?![^)\\n]*sum\\b)[^)\\n]*(?:${all})`, "gm"),
    ),
  ];
  return new RegExp([all, ...taken.map(([, name]) => `\\$\\{?${name}\\b`)].join("|"));
}

/** Whom a command speaks to is not who has given the secret. */
function isToStrangers(words: string, { text, variables }: Script): boolean {
  const command = words.replaceAll(/\$\{?(\w+)\}?/g, (whole, name) => variables[name] ?? whole);
  const places = command.match(address) ?? [];
  // Who has the repository may be asked with its token, wherever it is.
  const hosts = [text, ...Object.values(variables)].flatMap((words) =>
    [...words.matchAll(/\bhttps:\/\/([\w.-]+)\/\S+\.git\b/g)].map(([, host]) => host),
  );
  const isAsked = (place: string) =>
    loopback.test(place) || hosts.includes(/^\w+:\/\/([\w.-]+)/.exec(place)?.[1]);
  if (places.length === 0) return !loopback.test(command);
  return places.some((place) => !own.test(place) && !isAsked(place));
}

function sent(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const secret = holders(script);
    if (!secret) return [];
    const text = withoutWords(script.text).replaceAll("\\\n", "  ");
    const lines = text.split("\n").filter((line) => !/^\s*#/.test(line));
    // What is piped to such a program is sent, too.
    const isGiven = (line: string, command: string, index: number) =>
      secret.test(command) || (/[^|]\|\s*$/.test(line.slice(0, index)) && secret.test(line.slice(0, index)));
    const found = lines.find((line) =>
      [...line.matchAll(sending)].some(
        ({ 0: command, index }) => isGiven(line, command, index) && isToStrangers(command, script),
      ),
    );
    if (found === undefined) return [];
    const [, program = ""] =
      /(?:^|[\s;&|({])(?:\/\S*\/)?(curl|wget|nc|ncat|netcat|socat|telnet|t?ftp|scp|sftp|rsync|openssl|nslookup|dig)\s/.exec(
        found,
      ) ?? [];
    return {
      message: `${named(script)} gives a secret to ${program}, which sends it to somebody who has not made it`,
      remedy: "take the line away, and make a new one where it has ever run",
      ...script.at(new RegExp(`\\b${escapeRegExp(program)}\\s`)),
    };
  });
}

export const sentSecretRules = [
  rule({
    id: "secret-sent",
    title: "no secret is sent to strangers",
    pitfalls: [3],
    isBlocker: true,
    find: sent,
  }),
];
