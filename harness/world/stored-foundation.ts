import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const storedFoundation = z.object({
  /** See foundation.ts. */
  foundation: z.record(z.string(), z.string()),
  /** The age key that opens the home's SOPS files in this run, and its public half. */
  age: z.object({ identity: z.string(), recipient: z.string() }),
  /** By which github.com's stand-in is known over SSH. */
  hostKeys: z.object({ privateKeys: z.array(z.string()), publicKeys: z.record(z.string(), z.string()) }),
  /** Values behind SOPS, by `secret/key`. */
  sops: z.array(z.tuple([z.string(), z.string()])),
});

/** What whoever goes on with a kept world must know beside its descriptor and secrets. */
export type StoredFoundation = z.infer<typeof storedFoundation>;

/** Goes with the keys to the cluster. */
const fileIn = (runDir: string) => join(runDir, "access", "foundation.json");

export async function storeFoundation(runDir: string, stored: StoredFoundation): Promise<void> {
  await writeFile(fileIn(runDir), JSON.stringify(stored), { mode: 0o600 });
}

export async function readFoundation(runDir: string): Promise<StoredFoundation> {
  return storedFoundation.parse(JSON.parse(await readFile(fileIn(runDir), "utf8")));
}
