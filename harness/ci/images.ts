import { resolve } from "node:path";
import { HarnessError, silent } from "../base/index.ts";
import { ensureEngine } from "../engine/index.ts";
import { loadImages, saveImages } from "../images/index.ts";

/** `node harness/ci/images.ts save|load DIR`: carries prepared images from one machine to another. */
const [verb, dir] = process.argv.slice(2);
const verbs = new Map([
  ["save", saveImages],
  ["load", loadImages],
]);
const move = verbs.get(verb ?? "");
if (!move || dir === undefined) throw new HarnessError("usage: images.ts save|load DIR", { code: "usage" });
await move(await ensureEngine(silent), resolve(dir));
