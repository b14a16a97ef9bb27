import type { WorldDescriptor } from "../world/started-world.ts";
import type { RunAround, World } from "../world/world.ts";

export type { World };

/** What the module behind `worldModule` exports: joins the world that another process started. */
export type AttachWorld = (descriptor: WorldDescriptor, run: RunAround) => Promise<World>;
