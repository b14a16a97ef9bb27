import type { Progress } from "../base/index.ts";
import type { LastTimes } from "./last-times.ts";
import { liveDisplay } from "./live-display.ts";
import { paintFor, type Surface } from "./paint.ts";
import { plainLines } from "./plain-lines.ts";
import { type Emit, progressEvents } from "./progress-events.ts";
import type { Sink } from "./progress-sink.ts";

/** Where progress is shown. */
export interface Screen extends Surface {
  /** Says how long things took before; without it nothing is estimated. */
  lastTimes?: LastTimes | undefined;
}

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
export function createProgress(stream: NodeJS.WritableStream, screen: Screen, also: Sink[] = []): Display {
  const isLive = screen.isTTY && !screen.env.CI && screen.env.TERM !== "dumb";
  const { lastTimes } = screen;
  const display = isLive
    ? liveDisplay(stream as NodeJS.WriteStream, paintFor(screen), lastTimes?.of)
    : plainLines((text) => void stream.write(text), lastTimes?.of);
  const sinks = [display, ...(lastTimes ? [lastTimes] : []), ...also];
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
