import type { ProgressEvent } from "./progress-events.ts";

/** Something that is told every event: a display, the timeline, a test. */
export interface Sink {
  emit(event: ProgressEvent): void;
  close(): void;
}
