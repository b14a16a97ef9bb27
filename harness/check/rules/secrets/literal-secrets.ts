import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import { Remembered } from "../../../base/index.ts";
import type { Tree } from "../../../gitops/index.ts";
import { sealedFiles } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { key, type Place } from "../../reading/place.ts";
import { rule } from "../../rule.ts";
import { isExample, type KnownToken, shapedTokens } from "./token-shapes.ts";

const remedy = "take it out of Git, make a new one at its origin, and let External Secrets bring that";

/** Of texts of this process: a home is rendered twice for its check, and nearly all of its files are the same in both. */
const remembered = new Remembered<Promise<KnownToken[]>>(2_000);

/** Tokens whose shape is known, by the rules of secretlint and by ours. */
export const knownTokens = (text: string): Promise<KnownToken[]> =>
  remembered.get(text, () => findTokens(text));

/** The password of an address that is there to be replaced: words of an example, a name in brackets, or a shell's. */
function isLeftToFill(address: string): boolean {
  const [, user = "", password, host = ""] = /^\w+:\/\/([^:@/\s]*):([^@\s]+)@([\w.-]*)/.exec(address) ?? [];
  if (password === undefined) return false;
  const isOfNobody =
    /^(?:user|username|name)$/i.test(user) || /(?:^|\.)example(?:\.(?:com|org|net))?$/.test(host);
  return (
    (isOfNobody && /^(?:pass|passwd|password|secret|token)$/i.test(password)) ||
    /^<.*>$|^\$[{(\w]|(?:replace|change|your|fill|insert)[-_]?(?:me|it|this|in|with|pass)|^x{3,}$|^\*+$/i.test(
      password,
    )
  );
}

async function findTokens(text: string): Promise<KnownToken[]> {
  const { messages } = await lintSource({
    source: { content: text, filePath: "/text.yaml", ext: ".yaml", contentType: "text" },
    options: {
      noPhysicFilePath: true,
      maskSecrets: true,
      config: { rules: [{ id: "preset", rule: creator }] },
    },
  });
  const found = messages
    .filter(({ range: [from, to] }) => !isLeftToFill(text.slice(from, to)))
    .map(({ message, loc, range }) => ({ message, line: loc.start.line, range }));
  return [...found, ...shapedTokens(text)];
}

async function knownShapes({ home, isOurs, leadsToOurs }: Inspected): Promise<Fault[]> {
  const directories = home.rendered.kustomizations.map(({ path }) => path);
  const isApplied = (file: string) =>
    /^(kubernetes|scripts)\//.test(file) ||
    directories.some((one) => one !== "" && file.startsWith(`${one}/`));
  const files = [...home.tree.files, ...home.beside.files].filter(
    ([, { mode, content }]) => mode !== "120000" && !content.includes(0),
  );
  // In a whole home there are other applications, of which this is not the check. A file is its nearest Kustomization's.
  const nearest = home.rendered.kustomizations.toSorted(
    (left, right) => right.path.length - left.path.length,
  );
  const ownerOf = (file: string) => nearest.find(({ path }) => path !== "" && file.startsWith(`${path}/`));
  const weightOf = (file: string): Pick<Fault, "severity" | "isBlocker"> => {
    const owner = ownerOf(file);
    if (!home.isWhole || (owner !== undefined && isOurs(owner))) return {};
    if (!isApplied(file)) return { severity: "warning" };
    return owner === undefined || leadsToOurs(owner) ? { isBlocker: false } : { severity: "warning" };
  };
  const found = files.map(async ([file, { content }]) => {
    const text = content.toString();
    // What a document shows may be an example; in an object nobody writes one.
    const isShown = ({ range: [from, to] }: KnownToken) =>
      file.endsWith(".md") && isExample(text.slice(from, to));
    const tokens = (await knownTokens(text)).filter((one) => !isShown(one));
    return tokens.map(({ message, line }) => ({
      ...weightOf(file),
      message: `a secret stands in the file: ${message.split("\n")[0]}`,
      remedy,
      file,
      line,
    }));
  });
  return (await Promise.all(found)).flat();
}

function openSecrets(inspected: Inspected): Fault[] {
  const sealed = new Set(sealedFiles(inspected.home.tree));
  return inspected
    .of("Secret")
    .filter(
      (one) =>
        one.file !== undefined && !sealed.has(one.file) && !one.by.release && inspected.concernsUs(one),
    )
    .flatMap((one) => {
      const { stringData, data } = one.object as { stringData?: object; data?: object };
      const [first] = Object.keys({ ...data, ...stringData });
      if (first === undefined) return [];
      return {
        message: `Secret ${one.object.metadata.name} is committed with its value (${first})`,
        remedy,
        ...inspected.placeOf(one, key(first)),
      };
    });
}

/** Names of what is a secret. */
export const secretName = /(TOKEN|PASSWORD|PASSWD|SECRET|API_?KEY|PRIVATE_?KEY|PAT)$/i;

/** Values of variables that are called a secret, or that look made by chance. */
function plainVariables({ home, workspaces }: Inspected): Fault[] {
  return workspaces.flatMap(({ facts, containers, at }) =>
    containers.flatMap(({ container }) =>
      (container.env ?? []).flatMap(({ name, value = "" }) => {
        const isNamed = secretName.test(name) && value !== "" && !/^(\/|\$|true$|false$|\d$)/.test(value);
        if (!isNamed && !isRandom(value)) return [];
        const place = at(key(container.name), key(name));
        const what = `variable ${name} of container ${container.name} of ${facts.name}`;
        if (!isSubstituted(home.tree, place))
          return { message: `${what} has its secret in the manifest`, remedy, ...place };
        return {
          message: `${what} has its secret by Flux's substitution: it stands in plain text in the ${facts.workload.kind}, for everybody who may read that`,
          remedy: "let the container take it from the Secret, by secretKeyRef or envFrom",
          severity: "warning" as const,
          ...place,
        };
      }),
    ),
  );
}

/** Git has a variable there, which a Secret or ConfigMap of the home gives its value. */
function isSubstituted(tree: Tree, { file, line }: Place): boolean {
  if (file === undefined || line === undefined) return false;
  // The value may stand below its name.
  const [own = "", next = ""] = tree
    .text(file)
    .split("\n")
    .slice(line - 1, line + 1);
  return /(?<!\$)\$\{\w+/.test(
    /:\s*$/.test(own) || !own.includes(":") || /^\s*value:/.test(next) ? own + next : own,
  );
}

/** 4 bits a character in 24 characters or more: words and paths have fewer, base64 of a random key has more. */
const randomBits = 4;
const randomLength = 24;

export function isRandom(text: string): boolean {
  const isToken =
    text.length >= randomLength &&
    /^[\w+/=-]+$/.test(text) &&
    /\d/.test(text) &&
    /[A-Z]/.test(text) &&
    /[a-z]/.test(text);
  return isToken && entropyOf(text) >= randomBits;
}

/** Shannon's, in bits a character. */
function entropyOf(text: string): number {
  const counts = Map.groupBy(text, (character) => character);
  return [...counts.values()].reduce((sum, { length }) => {
    const share = length / text.length;
    return sum - share * Math.log2(share);
  }, 0);
}

export const literalSecretRules = [
  rule({
    id: "known-token",
    title: "no token stands in a file",
    pitfalls: [3],
    isBlocker: true,
    find: knownShapes,
  }),
  rule({ id: "secret-in-git", title: "no Secret is committed unencrypted", find: openSecrets }),
  rule({ id: "plain-variable", title: "no variable has its secret in the manifest", find: plainVariables }),
];
