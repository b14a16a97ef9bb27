/** What docker multiplexes: frames of a stream's number, three zeros, the length as 32 bits, and so many bytes. */
export function withoutFrames(output: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= output.length; ) {
    const length = output.readUInt32BE(at + 4);
    parts.push(output.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(parts).toString("utf8");
}
