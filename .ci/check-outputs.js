// Reads the JSON of a check and writes what later jobs need to know of it, for GITHUB_OUTPUT.
import { readFileSync } from "node:fs";

const { isBlocked, comparison } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const touched = (comparison?.scenarios ?? []).map(({ name }) => name);
console.log(`lanes=${isBlocked ? "stop" : "start"}`);
console.log(`touched=${JSON.stringify(touched)}`);
