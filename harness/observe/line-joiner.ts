const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const tab = 0x09;
const backslash = 0x5c;
const letterN = 0x6e;

/**
 * A text without its line breaks: real ones with the indentation that follows and the backslash that announces them, and
 * those that are written `\n` in JSON. State lasts from chunk to chunk.
 */
export class LineJoiner {
  #isAfterBreak = false;
  #hasBackslash = false;

  /** The chunk joined, and for a position in it the position in the chunk. */
  join(chunk: Uint8Array): { bytes: Uint8Array; originOf: (position: number) => number } {
    const bytes = new Uint8Array(chunk.length + 1);
    const origins = new Int32Array(chunk.length + 1);
    let length = 0;
    const keep = (byte: number, origin: number) => {
      bytes[length] = byte;
      origins[length] = origin;
      length += 1;
    };
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (byte === newline || byte === carriageReturn || (this.#hasBackslash && byte === letterN)) {
        this.#isAfterBreak = true;
        this.#hasBackslash = false;
        continue;
      }
      if (this.#isAfterBreak && (byte === space || byte === tab)) continue;
      if (this.#hasBackslash) keep(backslash, at);
      this.#isAfterBreak = false;
      this.#hasBackslash = byte === backslash;
      if (!this.#hasBackslash) keep(byte, at);
    }
    return {
      bytes: bytes.subarray(0, length),
      originOf: (position) => (position < 0 ? 0 : (origins[position] ?? 0)),
    };
  }
}
