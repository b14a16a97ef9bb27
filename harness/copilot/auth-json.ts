import { z } from "zod";

/** OpenCode 1.18 asks Copilot with the token that it calls `refresh`. */
const authJson = z.looseObject({ "github-copilot": z.looseObject({ refresh: z.string() }) });

/** The token of an auth.json, raw or in base64. Throws where there is none. */
export function tokenOf(text: string): string {
  const plain = text.trimStart().startsWith("{") ? text : Buffer.from(text, "base64").toString();
  return authJson.parse(JSON.parse(plain))["github-copilot"].refresh;
}
