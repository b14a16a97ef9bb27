import type { Sink } from "../progress-sink.ts";

/** Tells when the first task ends whose title is one of these, and whether it has failed. */
export function firstEnd(
  isMeant: (title: string) => boolean,
  tell: (hasPassed: boolean, at: number) => void,
): Sink {
  const meant = new Set<string>();
  let isTold = false;
  return {
    emit(event) {
      if (event.kind === "start" && event.parent === undefined && isMeant(event.title)) meant.add(event.id);
      if (event.kind !== "end" || isTold || !meant.has(event.id)) return;
      isTold = true;
      tell(event.error === undefined, event.at);
    },
    close: () => {},
  };
}
