// Reads `--list --json -` and writes the arguments for the first two mutants of the scenario that is named.
import { text } from "node:stream/consumers";

const scenarios = JSON.parse(await text(process.stdin));
const scenario = scenarios.find(({ name }) => name === process.argv[2]);
process.stdout.write(scenario.mutants.slice(0, 2).flatMap(({ name }) => ["--mutant", name]).join(" "));
