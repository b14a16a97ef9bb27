import { judgeEnded } from "../ended.ts";
import type { Finding } from "../finding.ts";
import type { Ground } from "../ground.ts";
import type { Kind, Round } from "../round.ts";
import { codesAfter, end, type WayToEnd, waysToEnd } from "../ways-to-end.ts";

/** How long a command may take to clean up, or to get on after what has happened, in milliseconds. */
export const cleaningUpMs = 60_000;

const common = { acts: waysToEnd, withinMs: 5_000 };

/** `down` starts the engine to look into it, and stops it: all that a command does with an engine of its own. */
export const command: Kind = {
  ...common,
  name: "command",
  title: "a command ends while it starts or stops its engine",
  play: (round, ground) => endFirst(round, ground, ["own"]),
};

export const lock: Kind = {
  ...common,
  name: "lock",
  title: "of two commands of a cache, which wait for each other, one ends",
  play: (round, ground) => endFirst(round, ground, ["own", "own"]),
};

export const twoCaches: Kind = {
  ...common,
  name: "two-caches",
  title: "a command ends beside one of another cache, each with an engine of its own",
  play: (round, ground) => endFirst(round, ground, ["own", "other"]),
};

/** Starts a command in each cache and ends the first one: the others must pass, and so must the next one in its cache. */
async function endFirst({ act, atMs }: Round, ground: Ground, names: string[]): Promise<Finding[]> {
  const way = act as WayToEnd;
  const caches = await Promise.all(names.map((name) => ground.cache(name)));
  const terminal = way === "the terminal is closed";
  const commands = caches.map((cache, index) =>
    ground.start(["down"], { cache, terminal: terminal && index === 0 }),
  );
  const [first, ...others] = await Promise.all(commands);
  await ground.pause(atMs);
  if (first) await end(first, way);
  const [ended, ...rest] = await Promise.all([first, ...others].map((each) => each?.ended(cleaningUpMs)));
  const next = await ground.run(["down"], { cache: caches[0] ?? "" });
  const mustPass = [...rest, next].flatMap((each) => each ?? []);
  return [
    ...(ended ? judgeEnded(ended, codesAfter(way)) : []),
    ...mustPass.flatMap((each) => judgeEnded(each, [0])),
  ];
}
