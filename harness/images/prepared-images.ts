import { cacheDir } from "../base/index.ts";
import { outputOf } from "./build-missing.ts";
import { type CatalogueEntry, catalogueEntries } from "./catalogue.ts";
import type { Inventory } from "./inventory.ts";
import type { Plan } from "./plan.ts";
import { definitionFiles } from "./recipes/definition-files.ts";
import { nodeReference } from "./recipes/mirror.ts";
import type { Source } from "./source.ts";

export interface PreparedImage {
  name: string;
  /** What a node or the engine is to be asked for. */
  reference: string;
  version: string;
  /** How it came about, one phrase. */
  source: string;
  bytes: number;
  /** Milliseconds that it took now; 0 when it was there. */
  ms: number;
  cached: boolean;
}

export interface PreparedImages {
  source: Source;
  /** Images in the engine: of a node (k3s or ours), of the stand-ins, of the mirror. */
  node: string;
  fixtures: string;
  registry: string;
  /** Images of the browser and of an operator's own machine, in the engine. */
  browser: string;
  operator: string;
  /** Image of the object store, in the engine. */
  objectStore: string;
  /** Volume with the mirror's storage, for /var/lib/registry; mount it read-only. */
  mirrorVolume: string;
  /** Volume for /var/lib/harness of every node; NODE_STORE=/var/lib/harness/nodes/<id> makes a node start from it. */
  storeVolume?: string;
  /** Folder of the platform's definitions, by module; see recipes/definition-files.ts. */
  definitions: string;
  components: PreparedImage[];
  /**
   * To be called once the volumes are mounted.
   * @throws HarnessError `environment` when one of them was removed before that: what is mounted is empty then.
   */
  requireVolumes(): Promise<void>;
  /** Folder of the cache. */
  directory: string;
  /** Nothing had to be done. */
  reused: boolean;
  tookMs: number;
}

/** @param took Milliseconds by name, of what was built now. */
export function describePrepared(
  plan: Plan,
  inventory: Inventory,
  took: Map<string, number>,
  tookMs: number,
): Omit<PreparedImages, "requireVolumes"> {
  const outputs = new Map(plan.components.map((c) => [c.name, outputOf(c, plan.keys.get(c.name) ?? "")]));
  const output = (name: string) => outputs.get(name) ?? "";
  const component = ([name, entry]: [string, CatalogueEntry]): PreparedImage => ({
    name,
    reference: entry.runsIn !== "engine" ? nodeReference(entry, output(name)) : output(name),
    version: entry.version,
    source: plan.source === "packages" || entry.ownWork ? entry.madeFrom : entry.reference,
    bytes: inventory.images.get(output(name)) ?? 0,
    ms: Math.round(took.get(name) ?? 0),
    cached: !took.has(name),
  });
  return {
    source: plan.source,
    node: output("node"),
    fixtures: output("fixtures"),
    registry: output("registry"),
    browser: output("browser"),
    operator: output("operator"),
    objectStore: output("versitygw"),
    mirrorVolume: output("mirror"),
    definitions: output(definitionFiles.name),
    ...(outputs.has("store") && { storeVolume: output("store") }),
    components: catalogueEntries.map(component),
    directory: cacheDir(),
    reused: took.size === 0,
    tookMs,
  };
}
