import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkoutDir } from "../base/index.ts";
import { imageDigests } from "../images/index.ts";
import { copyCheckout } from "../machine/index.ts";
import type { Edit } from "./without.ts";

/** A copy of this checkout in `directory`, with the edits made. Its results, and what npm has installed, are this one's. */
export async function checkoutWithout(directory: string, edits: readonly Edit[]): Promise<void> {
  await copyCheckout(directory);
  for (const shared of ["node_modules", "results"]) {
    await mkdir(join(checkoutDir, shared), { recursive: true });
    await symlink(join(checkoutDir, shared), join(directory, shared));
  }
  for (const { file, from, to } of edits) {
    const path = join(directory, file);
    const content = await readFile(path, "utf8");
    if (!content.includes(from)) throw new RangeError(`${file} has not what is to be left out of it`);
    await writeFile(path, content.replace(from, to));
  }
}

/** Upstream's images are known by their content; those of a rehearsal have another one. */
export function withDigests(digests: ReadonlyMap<string, string>): Edit[] {
  return [...digests].map(([reference, digest]) => ({
    file: "harness/images/digests.ts",
    from: imageDigests[reference] ?? reference,
    to: digest,
  }));
}
