import type { BackedUpFile, Listing } from "./listing.ts";

/** A backup with these files, of OpenCode's user where nothing else is said. For tests. */
export function testListing(files: Record<string, Partial<BackedUpFile>>): Listing {
  const entries = Object.entries(files).map(([path, more]) => {
    const name = path.split("/").at(-1) ?? "";
    const file = { name, path, type: "file", uid: 1000, gid: 1000, permissions: "-rw-r-----" };
    return [path, { ...file, struct_type: "node", ...more }] as const;
  });
  return { id: "0123", at: Date.parse("2026-01-01T10:00:00.500Z"), files: new Map(entries) };
}
