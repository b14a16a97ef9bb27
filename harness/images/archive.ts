import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { cacheDir, HarnessError } from "../base/index.ts";
import type { Engine } from "../engine/index.ts";
import { takeInventory } from "./inventory.ts";
import { type PreparedOutputs, preparedOutputs } from "./plan.ts";
import { createEmptyVolume, receiptNameOf, settleVolume, volumeOf } from "./prepared-volume.ts";

/** What a machine needs to run without preparing anything; written by `saveImages`, read by `loadImages`. */
const contentsSchema = z.object({
  images: z.array(z.string()).min(1),
  /** The mirror's and the store's, by the names of their receipts: those of the volumes are a cache's own. */
  volumes: z.array(z.string()).min(1),
  /** What a run reads from the cache itself. */
  folders: z.array(z.string()),
});

const prefix = "opencode-harness";
/** What the images were made for: the list of keys. */
const ofTheCache = ["prepared"];

/**
 * Puts the images and volumes that this checkout runs on into a directory that another machine loads: a CI cache keeps
 * directories, and the images are in an engine. There is no key in it: every run has an authority of its own.
 * @throws HarnessError `environment` when they are not prepared.
 */
export async function saveImages(engine: Engine, dir: string, outputs?: PreparedOutputs): Promise<void> {
  const wanted = outputs ?? (await preparedOutputs());
  const { images: found, volumes: complete } = await takeInventory(engine, wanted.images);
  // What only builds others may have been pruned since.
  const images = wanted.images.filter((image) => found.has(image));
  const volumes = wanted.volumes.filter((volume) => complete.has(volume));
  if (images.length === 0 || volumes.length < wanted.volumes.length) throw notPrepared();
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  await engine.docker(["save", "--output", join(dir, "images.tar"), ...images]);
  for (const volume of volumes) {
    await tar(engine, images, [`${volume}:/volume:ro`, `${dir}:/archive`], "--create", receiptNameOf(volume));
  }
  const { folders } = wanted;
  for (const part of partsOf(folders)) await cp(cacheDir(...part), join(dir, ...part), { recursive: true });
  const contents = { images, volumes: volumes.map(receiptNameOf), folders };
  await writeFile(join(dir, "contents.json"), JSON.stringify(contents));
}

/** The way back, into an engine and a cache directory that have nothing yet. */
export async function loadImages(engine: Engine, dir: string): Promise<void> {
  const { images, volumes, folders } = contentsSchema.parse(
    JSON.parse(await readFile(join(dir, "contents.json"), "utf8")),
  );
  await engine.docker(["load", "--quiet", "--input", join(dir, "images.tar")]);
  for (const name of volumes) {
    const volume = volumeOf(name);
    await createEmptyVolume(engine, volume);
    await tar(engine, images, [`${volume}:/volume`, `${dir}:/archive:ro`], "--extract", name);
    await settleVolume(engine, volume);
  }
  for (const part of partsOf(folders)) await cp(join(dir, ...part), cacheDir(...part), { recursive: true });
}

const partsOf = (folders: readonly string[]) => [
  ...ofTheCache.map((name) => [name]),
  ...folders.map((name) => ["built", name]),
];

/** In the registry's image, which is Debian and there with every source. Attributes are kept: a store has overlays. */
async function tar(
  engine: Engine,
  images: readonly string[],
  mounts: readonly string[],
  action: "--create" | "--extract",
  name: string,
): Promise<void> {
  const registry = images.find((image) => image.startsWith(`${prefix}/registry:`));
  if (registry === undefined) throw notPrepared();
  const options = [action, "--xattrs", "--xattrs-include=*", "--numeric-owner", "--directory", "/volume"];
  const file = ["--file", `/archive/${name}.tar`];
  const what = action === "--create" ? ["."] : [];
  await engine.docker(
    ["run", "--rm", "--network", "none", "--user", "0", ...mounts.flatMap((mount) => ["--volume", mount])]
      .concat(["--entrypoint", "tar", registry])
      .concat(options, file, what),
  );
}

function notPrepared(): HarnessError {
  return new HarnessError("the images are not prepared", { code: "environment", remedy: "npm run images" });
}
