import { z } from "zod";
import type { Credentials } from "./credentials.ts";

/** OpenCode 1.18 asks Copilot with the token that it calls `refresh`. */
const authJson = z.looseObject({ "github-copilot": z.looseObject({ refresh: z.string() }) });

/**
 * The tokens with which OpenCode may ask Copilot, each under the key of Doppler whose value has it, `<key>, rotated` for
 * its successor.
 */
export function copilotLogins({
  dopplerSecrets,
  successors,
}: Pick<Credentials, "dopplerSecrets" | "successors">): Record<string, string> {
  const renamed = Object.entries(successors).map(([key, value]) => [`${key}, rotated`, value] as const);
  return Object.fromEntries(
    [...Object.entries(dopplerSecrets), ...renamed].flatMap(([name, value]) => {
      const token = tokenIn(value) ?? tokenIn(Buffer.from(value, "base64").toString());
      return token === undefined ? [] : [[name, token]];
    }),
  );
}

/** The token of an auth.json; undefined for any other text. */
export function tokenIn(text: string): string | undefined {
  try {
    return authJson.safeParse(JSON.parse(text)).data?.["github-copilot"].refresh;
  } catch {
    return undefined;
  }
}
