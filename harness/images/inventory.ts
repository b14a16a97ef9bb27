import type { Engine } from "../engine/index.ts";
import { completeVolumes } from "./prepared-volume.ts";

/** What the engine has of ours, asked in two calls whatever the number of components. */
export interface Inventory {
  /** Bytes of each image, by name and tag. */
  images: ReadonlyMap<string, number>;
  /** Names of the volumes that are complete. */
  volumes: ReadonlySet<string>;
}

/** Looks for these images, and for all prepared volumes. */
export async function takeInventory(
  engine: Engine,
  images: readonly string[],
  signal?: AbortSignal,
): Promise<Inventory> {
  const format = "{{.Size}}{{range .RepoTags}} {{.}}{{end}}";
  const [inspected, volumes] = await Promise.all([
    // It fails when one is missing, and still prints those that are there.
    engine.docker(["image", "inspect", "--format", format, ...images], {
      reject: false,
      ...(signal ? { cancelSignal: signal } : {}),
    }),
    completeVolumes(engine),
  ]);
  signal?.throwIfAborted();
  return { images: sizesByTag(inspected.stdout), volumes };
}

export function sizesByTag(output: string): Map<string, number> {
  const sizes = output.split("\n").flatMap((line) => {
    const [size, ...tags] = line.trim().split(" ");
    return tags.map((tag) => [tag, Number(size)] as const);
  });
  return new Map(sizes);
}
