import type { FormName } from "../base/index.ts";
import { type LeakIndex, type Piece, pieceLength } from "./leak-index.ts";
import { LineJoiner } from "./line-joiner.ts";
import type { Secret } from "./secret-values.ts";

/** A stretch of a secret that was seen in a text. Tells where, never what. */
export interface Sighting {
  secret: Secret;
  form: FormName;
  /** Where the stretch begins in that form, and how many characters of it were seen. */
  offset: number;
  length: number;
  /** Line of the text, from 1. */
  line: number;
  /** Byte of the text, from 0. */
  position: number;
  /** It goes over more than one line of the text. */
  isSplit: boolean;
}

/** Looks for secrets in one text that comes in chunks: as it stands, and with its line breaks and indentation taken away. */
export class LeakScan {
  readonly #index: LeakIndex;
  readonly #plain = new Tail();
  readonly #joined = new Tail();
  readonly #joiner = new LineJoiner();
  readonly #seen = new Map<Piece, Omit<Sighting, "secret" | "form" | "offset" | "length">>();
  #position = 0;
  #linesBefore = 0;

  constructor(index: LeakIndex) {
    this.#index = index;
  }

  feed(chunk: Uint8Array): void {
    const lineOf = lineCounter(chunk, this.#linesBefore);
    const plain = this.#plain.before(chunk);
    this.#index.find(plain, (piece, at) => {
      const inChunk = at + pieceLength - (plain.length - chunk.length) - 1;
      this.#note(piece, this.#position + inChunk - pieceLength + 1, lineOf(inChunk), false);
    });
    const { bytes, originOf } = this.#joiner.join(chunk);
    const joined = this.#joined.before(bytes);
    this.#index.find(joined, (piece, at) => {
      const origin = originOf(at + pieceLength - (joined.length - bytes.length) - 1);
      this.#note(piece, this.#position + origin, lineOf(origin), true);
    });
    this.#position += chunk.length;
    this.#linesBefore = lineOf(chunk.length) - 1;
  }

  /** All that was seen, neighbouring pieces as one stretch. */
  sightings(): Sighting[] {
    const runs: Sighting[] = [];
    const ordered = [...this.#seen].sort(([a], [b]) => a.offset - b.offset);
    for (const [piece, where] of ordered) {
      const run = runs.find(
        ({ secret, form, offset, length }) =>
          secret === piece.secret &&
          form === piece.form &&
          offset + length - pieceLength + 1 === piece.offset,
      );
      if (run) {
        run.length += 1;
        run.isSplit ||= where.isSplit;
      } else {
        runs.push({
          secret: piece.secret,
          form: piece.form,
          offset: piece.offset,
          length: pieceLength,
          ...where,
        });
      }
    }
    return runs;
  }

  #note(piece: Piece, position: number, line: number, isSplit: boolean): void {
    if (!this.#seen.has(piece)) this.#seen.set(piece, { position, line, isSplit });
  }
}

/** The end of the last chunk: a piece may begin there. */
class Tail {
  #bytes: Uint8Array = new Uint8Array();

  before(chunk: Uint8Array): Uint8Array {
    const whole = Buffer.concat([this.#bytes, chunk]);
    this.#bytes = whole.subarray(Math.max(0, whole.length - pieceLength + 1));
    return whole;
  }
}

function lineCounter(chunk: Uint8Array, linesBefore: number): (position: number) => number {
  return (position) => {
    let line = linesBefore + 1;
    for (let at = chunk.indexOf(10); at >= 0 && at < position; at = chunk.indexOf(10, at + 1)) line += 1;
    return line;
  };
}
