import type { WorldDescriptor } from "../world/started-world.ts";
import type { World } from "../world/world.ts";

export type { World };

/**
 * What the module behind `worldModule` exports: joins the world that another process started. `interrupted` aborts with
 * the run, also between the steps and while the world is left.
 */
export type AttachWorld = (descriptor: WorldDescriptor, interrupted: AbortSignal) => Promise<World>;
