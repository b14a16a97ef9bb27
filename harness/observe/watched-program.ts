import type { WatchedRun } from "../../fixtures/operator/watch.ts";
import { HarnessError } from "../base/index.ts";
import { readAll, type Source } from "./place.ts";

/**
 * Reads what a program showed to others on its machine: its output, the command line and environment of every process, the
 * files it left.
 *
 * @throws HarnessError `environment` when no process of it could be watched.
 */
export function shownBy(name: string, { output, seen }: WatchedRun): Source {
  if (!seen.some(({ what }) => what !== "file")) {
    throw new HarnessError(`no process of ${name} could be watched: /proc tells nothing of it`, {
      code: "environment",
    });
  }
  return async (_cluster, open) => {
    readAll(open, { name: `the output of ${name}`, remedy }, output);
    for (const { what, path, content } of seen) {
      const place =
        what === "file" ? `file ${path}, written by ${name},` : `the ${what} of a process of ${name}`;
      readAll(open, { name: place, remedy }, Buffer.from(content, "base64"));
    }
  };
}

const remedy =
  "let the value travel from file to program through standard input: no argument, no variable, no copy, and send what the program prints to /dev/null (pitfall 10)";
