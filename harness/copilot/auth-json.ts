import { z } from "zod";

/** OpenCode 1.18 asks Copilot with the token that it calls `refresh`. */
const authJson = z.looseObject({ "github-copilot": z.looseObject({ refresh: z.string() }) });

/** The token of an auth.json, raw or in base64; undefined for any other text. */
export function tokenIn(text: string): string | undefined {
  const plain = text.trimStart().startsWith("{") ? text : Buffer.from(text, "base64").toString();
  try {
    return authJson.safeParse(JSON.parse(plain)).data?.["github-copilot"].refresh;
  } catch {
    return undefined; // it is no JSON
  }
}

/** The same of a text that must have one. Throws where it has none. */
export function tokenOf(text: string): string {
  const token = tokenIn(text);
  if (token === undefined) throw new TypeError("this is no auth.json with a login of Copilot");
  return token;
}
