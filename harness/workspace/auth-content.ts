import { createHash } from "node:crypto";

/** By what two auth.json are told apart: how they are written, their order and their line's end are all one. */
export interface AuthDigests {
  /** Of all that is in it. */
  sha256: string;
  /** Of Copilot's login alone, where it has one: a script may put it beside other providers'. */
  copilot?: string;
}

/** The digests of an auth.json's text; of a text that is no JSON, of that text. */
export function authDigests(text: string): AuthDigests {
  const parsed = parsedJson(text);
  const copilot = (parsed as { "github-copilot"?: unknown } | undefined)?.["github-copilot"];
  return {
    sha256: digestOf(parsed === undefined ? text.trimEnd() : ordered(parsed)),
    ...(copilot === undefined ? {} : { copilot: digestOf(ordered(copilot)) }),
  };
}

/** The login of one of these values of Secrets stands there: the whole text, or Copilot's part. base64 is a choice of the seeds. */
export function isOfSecret({ sha256, copilot }: AuthDigests, values: readonly Buffer[]): boolean {
  const texts = values.flatMap((value) => [
    value.toString(),
    Buffer.from(value.toString(), "base64").toString(),
  ]);
  return texts
    .map(authDigests)
    .some((one) => one.sha256 === sha256 || (copilot !== undefined && one.copilot === copilot));
}

function parsedJson(text: string): object | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // it is no JSON
  }
}

/** The same text for the same content. */
function ordered(value: unknown): string {
  return JSON.stringify(value, (_key, one) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
