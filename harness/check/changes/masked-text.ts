import { parseAllDocuments } from "yaml";
import { secretName } from "../rules/secrets/literal-secrets.ts";
import { isNamedSecret, secretsIn, tokensIn } from "./masked.ts";

const mark = "[redacted]";
/** What is shorter is a word, or nobody's secret. */
const shortest = 4;

/**
 * A file as text that anybody may read, by the same rules as an object: what its YAML says to be a secret, what stands beside
 * such a name in any other text, tokens of a known shape, and the values given are replaced.
 */
export async function maskedText(text: string, values: Iterable<string>): Promise<string> {
  const byLine = text.split("\n").map(maskedLine).join("\n");
  const secrets = [...values, ...secretsOf(text), ...(await tokensIn(text))].flatMap((one) =>
    one.split("\n"),
  );
  const longestFirst = [...new Set(secrets.map((one) => one.trim()))]
    .filter((one) => one.length >= shortest)
    .sort((one, other) => other.length - one.length);
  return longestFirst.reduce((clean, secret) => clean.replaceAll(secret, mark), byLine);
}

/** `GITHUB_TOKEN=…`, `password: …`, also where no YAML can be read. */
function maskedLine(line: string): string {
  const [, before = "", name = "", sign = "", value = ""] =
    /^(.*?)([\w.-]+)(["']?\s*[:=]\s*["']?)([^\s"'].*)$/.exec(line) ?? [];
  return secretName.test(name) && isNamedSecret(name, value) ? `${before}${name}${sign}${mark}` : line;
}

/** None of what is no YAML. */
function secretsOf(text: string): string[] {
  return parseAllDocuments(text, { logLevel: "silent" }).flatMap((document) => {
    if (document.errors.length > 0) return [];
    const object: unknown = document.toJS();
    return typeof object === "object" && object !== null ? secretsIn(object) : [];
  });
}
