import { lookAround, thingsInEngine } from "./look-around.ts";

/*
 * `node harness/chaos/look.ts WHERE`, run inside of the machine: prints what is there, as JSON. With an engine's address in place
 * of that: what is in the engine.
 */
const [where = ""] = process.argv.slice(2);
const things = where.startsWith("{") ? await lookAround(JSON.parse(where)) : await thingsInEngine(where);
process.stdout.write(JSON.stringify(things));
