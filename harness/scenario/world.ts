import type { WorldDescriptor } from "./world-port.ts";

/** The world as a step sees it. */
export interface World extends AsyncDisposable {}

/** What the module behind `worldModule` exports: joins the world that another process started. */
export type AttachWorld = (descriptor: WorldDescriptor) => Promise<World>;
