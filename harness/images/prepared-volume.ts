import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheDir, cacheId, HarnessError } from "../base/index.ts";
import type { Engine } from "../engine/index.ts";

/*
 * The mirror's and the store's volumes, one for each content key. Their names have the cache in them: others on the same
 * engine prepare the same keys. An engine makes a volume that somebody mounts and that
 * is not there anew, empty and without labels; so each of ours has an identity, and only its receipt in the cache, which
 * is written when it is full, says that it is complete.
 */

/** Part of the volumes' keys: those of versions that knew no identity are not taken, and not touched. */
export const identityLabel = "opencode-harness.volume";
const prefix = () => `opencode-harness-${cacheId()}-`;

/** Name of its receipt, and of its record of use: `mirror-0123456789ab`. */
export const receiptNameOf = (volume: string): string => volume.slice(prefix().length);
export const volumeOf = (receiptName: string): string => `${prefix()}${receiptName}`;

const identityFile = (volume: string) => join(cacheDir("built", receiptNameOf(volume)), "identity");

/** An empty volume: what an interrupted build left under this name would be half a one. */
export async function createEmptyVolume(engine: Engine, volume: string): Promise<void> {
  await rm(cacheDir("built", receiptNameOf(volume)), { recursive: true, force: true });
  await engine.docker(["volume", "rm", "--force", volume]);
  await engine.docker(["volume", "create", "--label", `${identityLabel}=${randomUUID()}`, volume]);
}

/** It is full: from now on it counts as there. */
export async function settleVolume(engine: Engine, volume: string): Promise<void> {
  const identity = (await identities(engine)).get(volume);
  if (identity === undefined) throw goneError(volume);
  await mkdir(cacheDir("built", receiptNameOf(volume)), { recursive: true });
  await writeFile(identityFile(volume), identity);
}

/** The engine's volumes that this cache has filled, and that are still the ones that it has filled. */
export async function completeVolumes(engine: Engine): Promise<Set<string>> {
  const found = await identities(engine);
  const complete = new Set<string>();
  for (const [volume, identity] of found) {
    const receipt = await readFile(identityFile(volume), "utf8").catch(() => undefined);
    if (receipt === identity) complete.add(volume);
  }
  return complete;
}

/**
 * To be asked once a volume is mounted, which keeps it from being removed.
 * @throws HarnessError `environment` when one of them has been removed since it was looked for: what is mounted is empty.
 */
export async function requireComplete(engine: Engine, volumes: readonly string[]): Promise<void> {
  const complete = await completeVolumes(engine);
  const gone = volumes.find((volume) => !complete.has(volume));
  if (gone !== undefined) throw goneError(gone);
}

/** By name; volumes of other kinds, and those of earlier versions, have none. */
async function identities(engine: Engine): Promise<Map<string, string>> {
  const format = ["--format", `{{.Name}} {{.Label "${identityLabel}"}}`];
  const { stdout } = await engine.docker(["volume", "ls", "--filter", `label=${identityLabel}`, ...format]);
  const lines = stdout.split("\n").filter((line) => line.startsWith(prefix()));
  return new Map(lines.map((line) => line.split(" ") as [string, string]));
}

function goneError(volume: string): HarnessError {
  return new HarnessError(`the prepared volume ${volume} was removed while this command was starting on it`, {
    code: "environment",
    remedy:
      "Run the command again: the volume is made anew. Something removes volumes on this engine meanwhile.",
  });
}
