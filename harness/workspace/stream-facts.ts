import { randomUUID } from "node:crypto";
import { addStandingFacts, type StreamFact } from "../base/index.ts";
import type { HeldStream } from "./held-stream.ts";

const held = new Map<HeldStream, string>();

addStandingFacts(() => streamFacts());

/** From now on the timeline tells of this stream. */
export function remember(stream: HeldStream): void {
  held.set(stream, randomUUID());
}

/** Every stream that was held in this process, open or not, as it is now. */
export function streamFacts(now = Date.now()): StreamFact[] {
  return [...held].map(([{ name, record }, id]) => {
    const { openedAt, cut, closedAt } = record;
    const until = cut ? openedAt + cut.afterMs : (closedAt ?? now);
    const end = cut ? { cut: cut.why } : {};
    const [firstByteAt, lastByteAt] = record.firstAndLastByteAt ?? [];
    const came = firstByteAt === undefined || lastByteAt === undefined ? {} : { firstByteAt, lastByteAt };
    return { what: "stream", id, name, openedAt, until, ...end, ...came, bytes: record.bytesBySecond() };
  });
}
