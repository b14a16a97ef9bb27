import type { Engine } from "../engine/index.ts";
import { imageReference } from "./catalogue.ts";
import { pinned } from "./digests.ts";

/** `registry`: images are pulled; `packages`: they are built from Go modules, npm, PyPI and Debian. */
export type Source = "registry" | "packages";

const probeTimeoutMs = 10_000;

/** Whether the engine can pull: it fetches the smallest image that is needed anyway. */
export async function registryAnswers(engine: Engine): Promise<boolean> {
  const pull = engine.docker(["pull", "--quiet", pinned(imageReference("pause"))], {
    reject: false,
    timeout: probeTimeoutMs,
  });
  return (await pull).exitCode === 0;
}
