/*
 * What happens in a run beside its tasks, for the timeline and the report: plain JSON, since most of it is seen in a
 * vitest worker. Times are milliseconds since 1970.
 */

/** An act upon the world, at the moment at which it is told: a pod was deleted, a node killed, a stand-in told to fail. */
export interface Mark {
  what: "mark";
  title: string;
}

/** How a time divides: the parts follow each other without a gap. */
export interface Division {
  what: "division";
  title: string;
  startedAt: number;
  parts: { part: string; ms: number }[];
}

/** A stream that somebody held, as it is so far; told again under the same id, it replaces what was told before. */
export interface StreamFact {
  what: "stream";
  id: string;
  name: string;
  openedAt: number;
  /** When it was looked at, closed, or cut. */
  until: number;
  /** It ended although nobody here closed it, and why. */
  cut?: string;
  /** When the first and the last byte came; missing where none did. */
  firstByteAt?: number;
  lastByteAt?: number;
  /** What came: whole seconds since `openedAt`, and the bytes in that second; seconds without a byte are left out. */
  bytes: [second: number, bytes: number][];
}

/** How often something has happened since it was told last; amounts of one name add up. */
export interface Count {
  what: "count";
  /** For instance `clones of owner/name`. */
  of: string;
  amount: number;
}

export type RunFact = Mark | Division | StreamFact | Count;
