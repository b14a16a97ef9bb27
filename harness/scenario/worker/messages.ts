import type { WorldDescriptor } from "../../world/started-world.ts";

/** What a worker wants, on its channel: once it is loaded a world, later perhaps to be alone in it. */
export type Wanted = "a world" | "to be alone";

/** What it is told there: in which world it may begin, that it is alone there, or, at any time, that the run is interrupted. */
export type Told = { descriptor: WorldDescriptor } | "alone" | "interrupted";
