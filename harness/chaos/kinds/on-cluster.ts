import { existsSync } from "node:fs";
import { mkdir, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { silent } from "../../base/index.ts";
import { ensureEngine } from "../../engine/index.ts";
import { type Ended, judgeEnded } from "../ended.ts";
import { engineOf } from "../environment.ts";
import type { Finding } from "../finding.ts";
import { plantForeigners } from "../foreigners.ts";
import { type Ground, startEngine } from "../ground.ts";
import type { Running } from "../running.ts";
import { lastingCache } from "../set-up.ts";
import { differences, type Thing } from "../things.ts";

/** The shortest command that starts nodes and a mirror, and sees a pod run. */
const next = ["bench", "cluster", "--runs", "1"];
/** On a machine that has other things to do, in milliseconds. */
const nextMs = 300_000;

export interface Victim {
  running: Running;
  cache: string;
  /** The engine's address. */
  engine: string;
}

/**
 * Runs a scenario, does the act, and sees that the next command passes; that the engine has then what it had before, and
 * nothing runs any more.
 */
export async function underScenario(
  ground: Ground,
  args: readonly string[],
  { terminal = false }: { terminal?: boolean },
  act: (victim: Victim) => Promise<Ended>,
  judge: (ended: Ended) => Finding[],
): Promise<Finding[]> {
  const cache = await preparedCache(ground);
  const engine = engineOf(cache);
  await ground.program(startEngine, { cache });
  const before = await ground.lookInto(engine);
  const running = await ground.start(args, { cache, terminal });
  const ended = await act({ running, cache, engine });
  const atOnce = await leftAtOnce(ground, before, engine);
  const passed = await ground.run(next, { cache, withinMs: nextMs });
  const down = await ground.run(["down"], { cache });
  await ground.program(startEngine, { cache });
  const after = await ground.lookInto(engine);
  await ground.run(["down"], { cache });
  return [
    ...judge({ ...ended, left: atOnce }),
    ...judgeEnded(passed, [0]),
    ...judgeEnded(down, [0]),
    ...differences(before, after).map(({ what }) => ({ what: `in the engine, ${what}` })),
  ];
}

/** Undefined where the engine is not there to be asked. */
async function leftAtOnce(ground: Ground, before: Thing[], engine: string): Promise<Finding[]> {
  const now = await ground.lookInto(engine).catch(() => undefined);
  return now === undefined ? [] : differences(before, now);
}

const neededBytes = 15e9;

/** Why this machine cannot start a cluster in a machine inside of it. */
export async function whyNoCluster(ground: Ground): Promise<string | undefined> {
  const { areImagesPrepared } = await import("../../images/index.ts");
  if (!(await areImagesPrepared())) return "the images are not prepared (npm run images)";
  const { bavail, bsize } = await statfs(ground.directory);
  const isFilled = existsSync(fillMark(ground));
  if (isFilled || bavail * bsize >= neededBytes) return undefined;
  return `the images need ${neededBytes / 1e9} GB beside those of this machine, ${Math.floor((bavail * bsize) / 1e9)} GB are free`;
}

const fillMark = (ground: Ground) => join(ground.directory, "caches", lastingCache, "filled");

/** Made once, from the images of this machine, and used by all rounds that come after. */
async function preparedCache(ground: Ground): Promise<string> {
  const cache = await ground.cache(lastingCache);
  if (existsSync(fillMark(ground))) return cache;
  const archive = join(ground.directory, "archive");
  const { saveImages } = await import("../../images/index.ts");
  await saveImages(await ensureEngine(silent), archive);
  await ground.program(startEngine, { cache });
  await ground.program(["node", "harness/ci/images.ts", "load", ground.path("archive")], { cache });
  await rm(archive, { recursive: true });
  const engine = engineOf(cache);
  await plantForeigners((command) => ground.program(command, { cache, engine }), "ended");
  await mkdir(fillMark(ground));
  return cache;
}
