import type { Engine } from "../engine/index.ts";

/** Marks what a preparation starts in the engine; whoever holds the lock of preparations may remove all of it. */
export const preparationLabel = "opencode-harness.preparation=true";

/** Host and port under which images are pushed to the mirror, on a port that the engine chose. */
const pushTag = /^127\.0\.0\.1:\d+\//;

/** Removes what a killed preparation left in the engine: containers, networks and tags. */
export async function removeInterrupted(engine: Engine): Promise<void> {
  const filter = ["--filter", `label=${preparationLabel}`];
  const [containers, networks, tags] = await Promise.all([
    linesOf(engine, ["ps", "--all", "--quiet", ...filter]),
    linesOf(engine, ["network", "ls", "--quiet", ...filter]),
    linesOf(engine, ["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"]),
  ]);
  const stale = tags.filter((tag) => pushTag.test(tag));
  if (containers.length > 0) await engine.docker(["rm", "--force", "--volumes", ...containers]);
  if (networks.length > 0) await engine.docker(["network", "rm", ...networks]);
  if (stale.length > 0) await engine.docker(["image", "rm", "--no-prune", ...stale]);
}

async function linesOf(engine: Engine, args: string[]): Promise<string[]> {
  const { stdout } = await engine.docker(args);
  return stdout.split("\n").filter((line) => line !== "");
}
