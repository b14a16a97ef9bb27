import { inflateRawSync } from "node:zlib";

export interface ZipEntry {
  path: string;
  content: Buffer;
}

const endOfDirectory = 0x06054b50;
const stored = 0;

/**
 * The files of a zip archive, read through its central directory. Enough for archives without encryption and below
 * 4 GiB; here because a fresh machine has neither unzip nor Python.
 */
export function* unzip(archive: Buffer): Generator<ZipEntry> {
  const end = archive.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (end < 0 || archive.readUInt32LE(end) !== endOfDirectory) throw new RangeError("not a zip archive");
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const method = archive.readUInt16LE(at + 10);
    const size = archive.readUInt32LE(at + 20);
    const nameLength = archive.readUInt16LE(at + 28);
    const path = archive.toString("utf8", at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    // The local header has name and extra lengths of its own; they may differ from the directory's.
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const packed = archive.subarray(start, start + size);
    if (!path.endsWith("/")) yield { path, content: method === stored ? packed : inflateRawSync(packed) };
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
}
