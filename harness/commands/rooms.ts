import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, type Progress, silent } from "../base/index.ts";
import type { Engine } from "../engine/index.ts";
import type { PreparedImages } from "../images/index.ts";
import type { ImageSource, StartWorld } from "../scenario/index.ts";

/** The rooms below the command line, as the commands use them; the unit tests put fakes here. */
export interface Rooms {
  startWorld: StartWorld;
  /** Module with `attachWorld`, for the vitest worker. */
  worldModule: string;
  prepareImages(options: {
    source: ImageSource;
    progress: Progress;
    signal: AbortSignal;
  }): Promise<Pick<PreparedImages, "components" | "directory">>;
  /** Whether a run would find every image ready. Asks neither an engine nor the network. */
  areImagesPrepared(): Promise<boolean>;
  /** Removes what killed commands left behind; with `kept` also the clusters that were kept. Returns their run ids. */
  removeLeftovers(options: LeftoverOptions): Promise<string[]>;
  /** Ids of the runs that a command is at right now, in the private engine or the user's. */
  liveRuns(): Promise<string[]>;
  /** Stops the private engine; true if one ran. */
  stopPrivateEngine(): Promise<boolean>;
  /** Shows the file in the user's browser. */
  openInBrowser(file: string): Promise<void>;
}

export interface LeftoverOptions {
  progress: Progress;
  kept: boolean;
  /** Ends the start of an engine. */
  signal: AbortSignal;
}

const worldModule = join(import.meta.dirname, "..", "world", "index.ts");

/** The real rooms, each loaded when it is first used: --help, --list and a wrong name answer at once. */
export function loadRooms(): Rooms {
  const engines = () => import("../engine/index.ts");
  const images = () => import("../images/index.ts");
  return {
    worldModule,
    startWorld: async (options) => (await import("../world/index.ts")).startWorld(options),
    async prepareImages(options) {
      const engine = await (await engines()).ensureEngine(options.progress, options.signal);
      return (await images()).prepareImages({ ...options, engine });
    },
    areImagesPrepared: async () => (await images()).areImagesPrepared(),
    removeLeftovers,
    liveRuns: async () => ((await hasEngine()) ? (await import("../cluster/index.ts")).liveRuns() : []),
    stopPrivateEngine: async () => (await engines()).stopPrivateEngine(),
    openInBrowser: async (file) => void (await (await import("open")).default(file)),
  };
}

/** Where no engine ever ran nothing can be left, and none is fetched just to look. */
async function hasEngine(): Promise<boolean> {
  const { findSystemEngine } = await import("../engine/index.ts");
  return existsSync(cacheDir("engine")) || (await findSystemEngine()) !== undefined;
}

async function removeLeftovers({ progress, kept, signal }: LeftoverOptions): Promise<string[]> {
  if (!(await hasEngine())) return [];
  const engine = await (await import("../engine/index.ts")).ensureEngine(progress, signal);
  const cluster = await import("../cluster/index.ts");
  const removed = await cluster.removeLeftovers(await preparedStore(engine));
  if (!kept) return removed;
  const keptRuns = await cluster.keptRuns();
  for (const runId of keptRuns) await cluster.removeRun(runId, await cluster.storeOfKeptRun(runId));
  return [...removed, ...keptRuns];
}

/** The volume that nodes keep directories in, and an image to remove those with. */
async function preparedStore(engine: Engine): Promise<{ volume: string; image: string } | undefined> {
  const { areImagesPrepared, prepareImages } = await import("../images/index.ts");
  if (!(await areImagesPrepared())) return undefined;
  const { storeVolume, node } = await prepareImages({ engine, source: "auto", progress: silent });
  return storeVolume === undefined ? undefined : { volume: storeVolume, image: node };
}
