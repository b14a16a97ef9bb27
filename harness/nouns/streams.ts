/** Terminals and event streams, held open while something happens. */
export { expectAllThere, expectHeld, type HeldStream, holdStreams as hold } from "../workspace/index.ts";
