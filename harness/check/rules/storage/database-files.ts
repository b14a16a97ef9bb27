import { innermostMount } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { plainPath, withoutWords } from "../../reading/clone-commands.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { wholePath } from "../../reading/script-paths.ts";
import { named, scriptsIn } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";
import { removedData } from "./removed-data.ts";

const removing =
  /(?<=^|[\s;&|({])(?:rm|unlink|truncate|shred)\s+([^\n;&|)]*)|(?<=^|[\s;&|({])find\s+[^\n;&|]*-name\s+["']?([^\s"']+)["']?[^\n;&|]*-(?:delete|exec\s+rm)/gm;
/** OpenCode's own database, its journal, and whatever is called so. */
const ofDatabase = /(?:^|\/)[\w*?.-]*(?:\.(?:db|sqlite3?)(?:[-*?]\S*)?|-wal|-journal)$/;

/** SQLite keeps what was written last in a file beside the database, until somebody opens that. */
function removed(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const { container, workspace } = script;
    const mounts = workspace.facts.claims
      .flatMap((claim) => claim.mounts)
      .filter((mount) => mount.container === container.name);
    if (mounts.length === 0) return [];
    const isKept = (path: string | undefined) =>
      path === undefined ||
      mounts.some((mount) => mount.path === innermostMount(container.volumeMounts, path)?.mountPath);
    const text = withoutWords(script.text).replaceAll(/^\s*#.*$/gm, (comment) => " ".repeat(comment.length));
    const found = [...text.matchAll(removing)].flatMap(({ 1: words = "", 2: name = "", index }) =>
      [...words.split(/\s+/), name]
        .map(plainPath)
        .filter((path) => ofDatabase.test(path) && !/-shm$/.test(path))
        .filter((path) => isKept(wholePath(text, index, path))),
    )[0];
    if (found === undefined) return [];
    return {
      message: `${named(script)} removes ${found} at each start: SQLite's journal has what was written last, and the database all sessions`,
      remedy: "leave it alone: OpenCode's SQLite repairs what a killed pod leaves",
      ...script.at(/^\s*(?!\s|#).*\b(?:rm|unlink|truncate|shred|find)\b.*(?:db|sqlite|-wal|-journal)/),
    };
  });
}

/** What is a part of a database, and looks as if it were left over. */
export const databaseFileRules = [
  rule({
    id: "sessions-removed",
    title: "no start removes sessions",
    find: (inspected) => [...removed(inspected), ...removedData(inspected)],
  }),
];
