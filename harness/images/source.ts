import { messageOf } from "../base/index.ts";
import type { Engine } from "../engine/index.ts";
import { imageReference } from "./catalogue.ts";
import { pinned } from "./digests.ts";

/** `registry`: images are pulled; `packages`: they are built from Go modules, npm, PyPI and Debian. */
export type Source = "registry" | "packages";

const probeTimeoutMs = 20_000;

/**
 * Whether the engine can pull: it fetches the smallest image that is needed anyway. Returns why it cannot, in the engine's
 * own last words, or undefined when it can.
 */
export async function whyNoRegistry(engine: Engine, signal?: AbortSignal): Promise<string | undefined> {
  const image = pinned(imageReference("pause"));
  const cancel = signal ? { cancelSignal: signal } : {};
  const pull = await engine
    .docker(["pull", "--quiet", image], { reject: false, timeout: probeTimeoutMs, ...cancel })
    .catch((error: unknown) => ({ exitCode: 1, stderr: messageOf(error) }));
  signal?.throwIfAborted();
  if (pull.exitCode === 0) return undefined;
  if (pull.exitCode === undefined) return `${image} did not come within ${probeTimeoutMs / 1000} s`;
  return (
    pull.stderr.trim().split("\n").at(-1) || `the pull of ${image} ended with exit code ${pull.exitCode}`
  );
}
