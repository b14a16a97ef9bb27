import { z } from "zod";
import { HarnessError } from "../base/index.ts";

const line = z.looseObject({ struct_type: z.string() });
const snapshot = z.looseObject({ short_id: z.string(), time: z.string() });
const node = z.looseObject({
  path: z.string(),
  type: z.string(),
  uid: z.number(),
  gid: z.number(),
  /** As `ls -l` writes it. */
  permissions: z.string(),
});

export type BackedUpFile = z.infer<typeof node>;

/** A backup as restic lists it. */
export interface Listing {
  id: string;
  /** When it was begun: milliseconds since 1970. */
  at: number;
  /** By their path from the volume's root, for instance `/data/auth.json`. */
  files: ReadonlyMap<string, BackedUpFile>;
}

/** Reads what `restic ls --json` puts out: the backup, then a line for each file. */
export function listingOf(output: string): Listing {
  const lines = output
    .split("\n")
    .filter((text) => text.startsWith("{"))
    .map((text) => JSON.parse(text) as unknown);
  const ofType = (type: string) => lines.filter((one) => line.safeParse(one).data?.struct_type === type);
  const [head] = ofType("snapshot");
  if (!head) {
    throw new HarnessError("restic lists no backup", { code: "failed", details: output.slice(0, 2_000) });
  }
  const { short_id, time } = snapshot.parse(head);
  const files = ofType("node").map((one) => node.parse(one));
  return { id: short_id, at: Date.parse(time), files: new Map(files.map((file) => [file.path, file])) };
}
