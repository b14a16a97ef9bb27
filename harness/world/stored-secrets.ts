import { readFile } from "node:fs/promises";
import { z } from "zod";
import { type Credentials, makeKnown } from "./credentials.ts";

const storedSecrets = z.object({
  /** Doppler's content at the start, key to value. */
  first: z.record(z.string(), z.string()),
  /** What it may be rotated to. */
  second: z.record(z.string(), z.string()),
  /** Tokens of Flux, of External Secrets and of the harness itself, by name. */
  tokens: z.object({ gitToken: z.string(), dopplerToken: z.string(), controlToken: z.string() }),
  /** The tokens, name to value, that open each repository which a workspace clones. */
  repositories: z.array(z.object({ repository: z.string(), tokens: z.record(z.string(), z.string()) })),
});

/** Every secret of a run, for the process that runs the steps. */
export type StoredSecrets = z.infer<typeof storedSecrets>;

/** As it stands in `access/`. */
export function secretsToStore(credentials: Credentials): string {
  const { dopplerSecrets: first, successors: second, repositories } = credentials;
  const { gitToken, dopplerToken, controlToken } = credentials;
  const tokens = { gitToken, dopplerToken, controlToken };
  return JSON.stringify({ first, second, tokens, repositories } satisfies StoredSecrets);
}

/** As they were stored; the redactor knows no more than before. */
export async function storedSecretsIn(file: string): Promise<StoredSecrets> {
  return storedSecrets.parse(JSON.parse(await readFile(file, "utf8")));
}

/** Reads them; from now on the redactor of this process knows what that of the main process does. */
export async function readSecrets(file: string): Promise<StoredSecrets> {
  const secrets = await storedSecretsIn(file);
  for (const values of [secrets.first, secrets.second, secrets.tokens]) makeKnown(values);
  return secrets;
}
