import { text } from "node:stream/consumers";
import { z } from "zod";

/** Reads `--list --json -` and writes the names as one line of JSON, as a matrix takes them. */
const listSchema = z.array(z.object({ name: z.string() })).min(1);

const scenarios = listSchema.parse(JSON.parse(await text(process.stdin)));
process.stdout.write(`${JSON.stringify(scenarios.map(({ name }) => name))}\n`);
