import type { GitHubControl } from "../internet/index.ts";
import type { Clone } from "./clone.ts";

/** Bytes of the pack that come before it stalls: past the refs, well inside the padding of the repositories. */
export const stallAfterBytes = 300_000;

/** Every clone of the repositories stops in the middle of its pack and stays there. */
export async function stallClones(github: GitHubControl, clones: readonly Clone[]): Promise<void> {
  const stall = { kind: "stall", afterBytes: stallAfterBytes } as const;
  await github.fault(...clones.map(({ repository }) => ({ ...stall, repository })));
}
