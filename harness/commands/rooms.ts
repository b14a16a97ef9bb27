import { join } from "node:path";
import type { Progress } from "../base/index.ts";
import type { ImageSource, StartWorld } from "../scenario/index.ts";

/** What the images room tells about a preparation. */
export interface PreparedImages {
  components: { name: string; version: string; source: string; ms: number; bytes: number; cached: boolean }[];
  /** Where they are kept. */
  directory: string;
}

/** The rooms below the command line, as the commands use them; the unit tests put fakes here. */
export interface Rooms {
  startWorld: StartWorld;
  /** Module with `attachWorld`, for the vitest worker. */
  worldModule: string;
  prepareImages(options: {
    source: ImageSource;
    progress: Progress;
    signal: AbortSignal;
  }): Promise<PreparedImages>;
  /** Whether a run would find every image ready. Asks neither an engine nor the network. */
  areImagesPrepared(): Promise<boolean>;
  /** Removes what runs left behind whose process is gone; kept clusters stay unless `kept` is true. */
  removeLeftovers(options: { progress: Progress; kept: boolean }): Promise<{ removed: number }>;
  /** Stops the private engine; true if one ran. */
  stopPrivateEngine(): Promise<boolean>;
}

const worldModule = join(import.meta.dirname, "..", "world", "index.ts");
const imagesModule = join(import.meta.dirname, "..", "images", "index.ts");
type WorldRoom = Pick<Rooms, "startWorld" | "removeLeftovers">;
type ImagesRoom = Pick<Rooms, "prepareImages" | "areImagesPrepared">;

/** The real rooms, each loaded when it is first used: --help, --list and a wrong name answer at once. */
export function loadRooms(): Rooms {
  const world = (): Promise<WorldRoom> => import(worldModule);
  const images = (): Promise<ImagesRoom> => import(imagesModule);
  return {
    worldModule,
    startWorld: async (options) => (await world()).startWorld(options),
    removeLeftovers: async (options) => (await world()).removeLeftovers(options),
    prepareImages: async (options) => (await images()).prepareImages(options),
    areImagesPrepared: async () => (await images()).areImagesPrepared(),
    stopPrivateEngine: async () => (await import("../engine/index.ts")).stopPrivateEngine(),
  };
}
