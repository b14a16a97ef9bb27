import type { WorldDescriptor } from "../../world/started-world.ts";

/** What a worker says on its channel once it is loaded: it wants a world to begin in. */
export const worldWanted = "a world is wanted";

/** What it is told there: in which world it may begin, or, at any time, that nothing comes of the run any more. */
export type Told = { descriptor: WorldDescriptor } | "interrupted";
