import { patientMs } from "../base/index.ts";

/** How a stream ended although nobody here closed it. */
export interface Cut {
  /** Milliseconds after the stream was asked for: where a gateway's clock for it begins. */
  afterMs: number;
  why: string;
}

/** Everything that came on one stream, with the time of each piece, and how it ended. */
export class StreamRecord {
  /** When the stream was asked for: milliseconds since 1970. */
  readonly openedAt: number;
  readonly #pieces: { at: number; bytes: Buffer }[] = [];
  readonly #onCut = Promise.withResolvers<Cut>();
  readonly #waiting = new Set<() => void>();
  #cut: Cut | undefined;
  #closedAt: number | undefined;

  constructor(openedAt = Date.now()) {
    this.openedAt = openedAt;
  }

  add(bytes: Buffer): void {
    this.#pieces.push({ at: Date.now(), bytes });
    for (const look of this.#waiting) look();
  }

  /** The other side, or something between, ended the stream; only the first reason counts. */
  end(why: string): void {
    if (this.#cut || this.#closedAt !== undefined) return;
    this.#cut = { afterMs: Date.now() - this.openedAt, why };
    this.#onCut.resolve(this.#cut);
  }

  /** From now on an end is what we wanted. */
  close(): void {
    this.#closedAt ??= Date.now();
  }

  /** When we closed it: milliseconds since 1970. */
  get closedAt(): number | undefined {
    return this.#closedAt;
  }

  get cut(): Cut | undefined {
    return this.#cut;
  }

  /** Resolves when the stream is cut; never while it lives. */
  get untilCut(): Promise<Cut> {
    return this.#onCut.promise;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#pieces.map(({ bytes }) => bytes));
  }

  /** When the first and the last piece came; undefined where none did. */
  get firstAndLastByteAt(): [first: number, last: number] | undefined {
    const [first, last] = [this.#pieces[0], this.#pieces.at(-1)];
    return first && last ? [first.at, last.at] : undefined;
  }

  /** How much came in each whole second since the stream was opened; seconds without a byte are left out. */
  bytesBySecond(): [second: number, bytes: number][] {
    const seconds = new Map<number, number>();
    for (const { at, bytes } of this.#pieces) {
      const second = Math.floor((at - this.openedAt) / 1_000);
      seconds.set(second, (seconds.get(second) ?? 0) + bytes.length);
    }
    return [...seconds];
  }

  /** When the last piece came, or the stream was opened: milliseconds since 1970. */
  get lastAt(): number {
    return this.#pieces.at(-1)?.at ?? this.openedAt;
  }

  /** The longest time without a byte, the time since the last one included; milliseconds. */
  longestSilenceMs(now = Date.now()): number {
    const times = [this.openedAt, ...this.#pieces.map(({ at }) => at), now];
    return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
  }

  /** The longest time between two pieces; milliseconds, 0 with fewer than two. */
  longestPauseMs(): number {
    const times = this.#pieces.map(({ at }) => at);
    return Math.max(0, ...times.slice(1).map((time, index) => time - (times[index] ?? time)));
  }

  /** Waits until `isThere` says so of all that came; false when it has not within the time, or the stream was cut. */
  async until(isThere: (bytes: Buffer) => boolean, withinMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const look = () => isThere(this.bytes) && resolve(true);
    const deadline = setTimeout(() => resolve(isThere(this.bytes)), patientMs(withinMs));
    this.#waiting.add(look);
    look();
    void this.untilCut.then(() => resolve(isThere(this.bytes)));
    try {
      return await promise;
    } finally {
      clearTimeout(deadline);
      this.#waiting.delete(look);
    }
  }
}
