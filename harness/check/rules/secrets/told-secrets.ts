import { escapeRegExp } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { rule } from "../../rule.ts";

/** Names of the workspaces' secrets: Doppler's own, and those that their Secrets have. */
function namesOf({ of, workspaces }: Inspected): string[] {
  const made = workspaces.flatMap(({ facts }) =>
    facts.externalSecrets.map(({ name }) => ({ namespace: facts.namespace, name })),
  );
  const specs = of("ExternalSecret")
    .filter(({ object: { metadata } }) =>
      made.some(({ namespace, name }) => metadata.namespace === namespace && metadata.name === name),
    )
    .map(({ object }) => object.spec as { data?: { secretKey?: string; remoteRef?: { key?: string } }[] });
  const all = specs.flatMap(({ data = [] }) =>
    data.flatMap(({ secretKey, remoteRef }) => [secretKey, remoteRef?.key]),
  );
  return [...new Set(all)].filter((name) => name !== undefined && /^[A-Z]\w{5,}$/.test(name)) as string[];
}

/** What stands for a value: a variable, a template, a place, an example. */
const standsFor =
  /^[^\w]|^[A-Z0-9_]+$|:\/\/|\.\.\.|…|x{3,}|\b(?:your|my|new|old|some|the|example|change)|password|secret|token|raw|base64/i;

/** A text that somebody has made up, or had made. */
const isMadeUp = (value: string): boolean =>
  /\d/.test(value) && /[A-Za-z]/.test(value) && !standsFor.test(value) && new Set(value).size > 5;

/** In prose: "the password is `…`". */
const inProse = /\b(?:password|token|PAT|api key)\b[^`\n]{0,40}\b(?:is|was|=|:)\s*`([^`\s]{10,80})`/gi;

/** Values of what is a secret, in documents, scripts and comments: whoever reads the repository has them. */
function toldOpenly(inspected: Inspected): Fault[] {
  const { tree, beside, isWhole } = inspected.home;
  const names = namesOf(inspected);
  if (names.length === 0) return [];
  const named = new RegExp(
    `\\b(${names.map(escapeRegExp).join("|")})["'\`]?\\s*[=:]\\s*["'\`]?([^\\s"'\`|;,)]{8,200})`,
    "g",
  );
  const texts = [...tree.files, ...(isWhole ? [] : beside.files)].filter(
    ([, { mode, content }]) => mode !== "120000" && content.length < 2 ** 19 && !content.includes(0),
  );
  return texts.flatMap(([file, { content }]) => {
    const isYaml = /\.ya?ml$/.test(file);
    return content
      .toString()
      .split("\n")
      .flatMap((text, index) => {
        // What a manifest itself says has rules of its own.
        if (isYaml && !/^\s*#/.test(text)) return [];
        const found = [...text.matchAll(named)].find(([, , value = ""]) => isMadeUp(value));
        const said =
          isYaml || found
            ? undefined
            : [...text.matchAll(inProse)].find(
                ([, value = ""]) => isMadeUp(value) && /[A-Z]/.test(value) && /[a-z]/.test(value),
              );
        if (!found && !said) return [];
        return {
          message: `${found ? `the value of ${found[1]}` : "a password or token"} stands in ${file.split("/").at(-1)}: whoever may read the repository, and its history, has it`,
          remedy:
            "take it out of Git, make a new one at its origin, and name only the key that Doppler has it under",
          ...(found ? {} : { severity: "warning" as const }),
          file,
          line: index + 1,
        };
      });
  });
}

export const toldSecretRules = [
  rule({
    id: "secret-told",
    title: "no document and no comment tells a secret",
    pitfalls: [3],
    find: toldOpenly,
  }),
];
