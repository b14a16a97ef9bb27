// Reads `--list --json -` and writes the arguments for the first mutant of every scenario: the control of each, in short.
import { text } from "node:stream/consumers";

const scenarios = JSON.parse(await text(process.stdin));
const first = scenarios.flatMap(({ mutants }) => mutants.slice(0, 1));
process.stdout.write(first.flatMap(({ name }) => ["--mutant", name]).join(" "));
