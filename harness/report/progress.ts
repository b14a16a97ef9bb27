import type { Progress } from "../base/index.ts";
import { liveDisplay } from "./live-display.ts";
import { paintFor, type Surface } from "./paint.ts";
import { plainLines } from "./plain-lines.ts";
import { type Emit, progressEvents } from "./progress-events.ts";
import type { Sink } from "./progress-sink.ts";

export interface Display {
  progress: Progress;
  /** The way in for events that come from another process. */
  emit: Emit;
  /** Nothing is shown any more; the terminal is as it was. */
  close(): void;
}

/**
 * Shows what happens on `stream`: live on a terminal, plain lines elsewhere (a pipe, CI, TERM=dumb).
 * `also` are told the same events.
 */
export function createProgress(stream: NodeJS.WritableStream, surface: Surface, also: Sink[] = []): Display {
  const isLive = surface.isTTY && !surface.env.CI && surface.env.TERM !== "dumb";
  const display = isLive
    ? liveDisplay(stream as NodeJS.WriteStream, paintFor(surface))
    : plainLines((text) => void stream.write(text));
  const sinks = [display, ...also];
  const emit: Emit = (event) => {
    for (const sink of sinks) sink.emit(event);
  };
  return {
    progress: progressEvents(emit),
    emit,
    close() {
      for (const sink of sinks) sink.close();
    },
  };
}
