import { type FormName, secretForms } from "../base/index.ts";
import type { Secret } from "./secret-values.ts";

/** Length of a piece that counts as seen, in characters (bytes) of the text. What is shorter may be chance. */
export const pieceLength = 12;

/** One piece of one form of a secret. */
export interface Piece {
  secret: Secret;
  form: FormName;
  /** Where the piece begins in that form. */
  offset: number;
  text: Buffer;
}

/** Any odd number with well mixed bits serves (here: the golden ratio's, as Knuth proposes for hashes of words). */
const base = 0x9e3779b1;
const baseToLength = Array.from({ length: pieceLength }).reduce<number>((power) => Math.imul(power, base), 1);
/** 2^22 bits: with some ten thousand pieces one position in a hundred is looked at twice. */
const slotShift = 10;

/**
 * Every piece of every form of the secrets, found in one pass over a text: a rolling hash (Rabin and Karp) of the last
 * twelve bytes, a table of bits that says at once that nothing has this hash, and a comparison where something has.
 */
export class LeakIndex {
  readonly #slots = new Uint8Array(2 ** (32 - slotShift - 3));
  readonly #pieces = new Map<number, Piece[]>();

  constructor(secrets: readonly Secret[]) {
    for (const secret of secrets) {
      for (const { name, text } of secretForms(secret.bytes)) this.#add(secret, name, text);
    }
  }

  #add(secret: Secret, form: FormName, text: Buffer): void {
    for (let offset = 0; offset + pieceLength <= text.length; offset++) {
      const piece = { secret, form, offset, text: text.subarray(offset, offset + pieceLength) };
      const hash = hashOf(piece.text);
      const known = this.#pieces.get(hash);
      // Most of a URL-encoded secret stands in it as it is.
      if (known?.some((other) => other.secret === secret && other.text.equals(piece.text))) continue;
      const slot = hash >>> slotShift;
      this.#slots[slot >>> 3] = (this.#slots[slot >>> 3] ?? 0) | (1 << (slot & 7));
      if (known) known.push(piece);
      else this.#pieces.set(hash, [piece]);
    }
  }

  /** Calls `found` for every piece in `bytes`, with the position at which it begins. */
  find(bytes: Uint8Array, found: (piece: Piece, position: number) => void): void {
    const slots = this.#slots;
    let hash = 0;
    for (let at = 0; at < bytes.length; at++) {
      hash = (Math.imul(hash, base) + (bytes[at] as number) + 1) | 0;
      if (at >= pieceLength) {
        hash = (hash - Math.imul((bytes[at - pieceLength] as number) + 1, baseToLength)) | 0;
      }
      if (at < pieceLength - 1) continue;
      const slot = hash >>> slotShift;
      if (((slots[slot >>> 3] as number) & (1 << (slot & 7))) === 0) continue;
      const start = at - pieceLength + 1;
      for (const piece of this.#pieces.get(hash) ?? []) {
        if (piece.text.equals(bytes.subarray(start, at + 1))) found(piece, start);
      }
    }
  }
}

function hashOf(text: Uint8Array): number {
  return text.reduce((hash, byte) => (Math.imul(hash, base) + byte + 1) | 0, 0);
}
