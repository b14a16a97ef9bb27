import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { redactIn } from "../redact-in.ts";
import { runResultSchema } from "../result.ts";
import type { Timeline } from "../timeline.ts";
import { readCoverage } from "./read-coverage.ts";
import { readDifferences } from "./read-differences.ts";
import { readEvidence } from "./read-evidence.ts";
import { readJson } from "./read-json.ts";
import { readPictures } from "./read-pictures.ts";
import type { RunPageData } from "./run-page-data.ts";
import { joined, worldFolders } from "./worlds.ts";

const text = z.string();
const fidelity = z.array(z.object({ part: text, production: text, here: text, why: text, hides: text }));
const egress = z.array(
  z.object({
    who: text,
    name: text,
    isAnswered: z.boolean(),
    count: z.number(),
    isAddress: z.literal(true).optional(),
  }),
);
const usage = z.array(
  z.object({
    namespace: text,
    pod: text,
    limitBytes: z.number().optional(),
    samples: z.array(z.tuple([z.number(), z.number(), z.number()])),
  }),
);
const amounts = z.record(text, z.number());
const home = z.object({ leftOut: z.array(text), kept: z.array(text), blind: z.array(text) });
const ending = z.object({ restarts: amounts, records: z.array(text), clones: amounts });
/** Written by the same version, but for the outermost form: one of before had no version. */
const timeline = z.custom<Timeline>((value) => (value as Timeline | undefined)?.version === 2);

/**
 * All that a run has left in its directory, as its page shows it. What is missing, half written or of another version is
 * left out, but for result.json, without which there is no run.
 */
export async function readRun(directory: string): Promise<RunPageData> {
  const json = <T>(name: string, schema: z.ZodType<T>) => readJson(join(directory, name), schema);
  const result = runResultSchema.parse(JSON.parse(await readFile(join(directory, "result.json"), "utf8")));
  const worlds = await worldFolders(directory);
  const ofEach = <T>(name: string, schema: z.ZodType<T>) =>
    Promise.all(worlds.map((world) => json(join(world, name), schema)));
  const [found, time, lines, asked, claims, pods, ends, homes, evidence, differences] = await Promise.all([
    readPictures(worlds.map((world) => join(directory, world, "pictures"))),
    json("timeline.json", timeline),
    ofEach("fidelity.json", fidelity),
    ofEach("egress.json", egress),
    readCoverage(directory),
    ofEach("usage.json", usage),
    ofEach("ending.json", ending),
    ofEach("home.json", home),
    readEvidence(directory),
    readDifferences(directory),
  ]);
  const { uniqueLines, askedOf, endingOf } = joined;
  const files = (await Promise.all(worlds.map((world) => recordsIn(directory, world)))).flat();
  return {
    ...redactIn({
      result,
      timeline: time,
      fidelity: uniqueLines(lines),
      egress: askedOf(asked),
      coverage: claims ?? [],
      usage: pods.flatMap((one) => one ?? []),
      ending: endingOf(ends),
      home: homes.find((one) => one !== undefined), // worlds of one run are made alike
      evidence,
      ...differences,
      files,
    }),
    ...found,
  };
}

/** Names from the run's directory. */
async function recordsIn(directory: string, world: string): Promise<string[]> {
  const names = await readdir(join(directory, world));
  return names
    .filter((name) => /\.(json|xml)$/.test(name))
    .sort()
    .map((name) => join(world, name));
}
