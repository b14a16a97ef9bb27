import { tokenIn } from "../copilot/index.ts";
import type { Credentials } from "./credentials.ts";

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
      const token = tokenIn(value);
      return token === undefined ? [] : [[name, token]];
    }),
  );
}
