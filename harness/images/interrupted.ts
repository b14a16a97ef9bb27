import { isLeft, isOfThisCache, labelNames, ownerOf } from "../base/index.ts";
import type { Engine } from "../engine/index.ts";
import { removeNotedTags } from "./push-tags.ts";

/** Marks what a preparation starts in the engine. */
export const preparationLabel = "opencode-harness.preparation=true";

/**
 * Removes what an interrupted preparation of this cache left in the engine: containers, networks and tags. Other caches
 * may be preparing on the same engine. To be called under the lock of this cache's preparations.
 */
export async function removeInterrupted(engine: Engine): Promise<void> {
  // Some go by themselves meanwhile.
  const [containers, networks] = await Promise.all([
    left(engine, ["ps", "--all"]),
    left(engine, ["network", "ls"]),
  ]);
  if (containers.length > 0)
    await engine.docker(["rm", "--force", "--volumes", ...containers], { reject: false });
  if (networks.length > 0) await engine.docker(["network", "rm", ...networks], { reject: false });
  await removeNotedTags(engine);
}

/** Ids of what such a list shows and nobody is at any more: this process itself only begins. */
async function left(engine: Engine, list: string[]): Promise<string[]> {
  const columns = ["{{.ID}}", ...[labelNames.cache, labelNames.owner].map((name) => `{{.Label "${name}"}}`)];
  const options = ["--filter", `label=${preparationLabel}`, "--format", columns.join(" ")];
  const { stdout } = await engine.docker([...list, ...options]);
  return stdout.split("\n").flatMap((line) => {
    const [id = "", cache = "", owner = ""] = line.split(" ");
    const labels = { [labelNames.cache]: cache, [labelNames.owner]: owner };
    const isOwn = isOfThisCache(labels) && owner === ownerOf(process.pid);
    return isLeft(labels) || isOwn ? [id] : [];
  });
}
