import { posix } from "node:path";
import type { Fault } from "../../finding.ts";
import { documentsIn } from "../../reading/documents.ts";
import { secondsOf } from "../../reading/durations.ts";
import { type Inspected, ownedNamed, specOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";
import { isSeedScript } from "./seed-script.ts";

interface Promised {
  file: string;
  minutes: number;
}

const within =
  /\b(?:within|wait(?:s|ing)?|after|at most|up to)\s+(?:(\d{1,4})\s+(minutes?|hours?)|(half\s+an|an|one)\s+hour)\b/gi;

/** How long the fetch of a new login may take, by the words that name who fetches it; of several the longest. */
function promiseIn(file: string, text: string): Promised | undefined {
  const about = text.split(/\n\s*\n/).filter((paragraph) => /external[ -]?secrets?\b/i.test(paragraph));
  const minutes = about.flatMap((paragraph) =>
    [...paragraph.matchAll(within)].map(([, count, unit = "", words]) =>
      words ? (/half/i.test(words) ? 30 : 60) : Number(count) * (/^hour/i.test(unit) ? 60 : 1),
    ),
  );
  return minutes.length === 0 ? undefined : { file, minutes: Math.max(...minutes) };
}

/** The owner's script and document for a new login. */
function promisesIn(inspected: Inspected): Promised[] {
  const { tree } = inspected.home;
  const isOfLogins = (file: string) => /auth\.json|opencode|copilot/i.test(tree.text(file));
  const scripts = [...tree.files.keys()].filter((file) => isSeedScript(tree, file) && isOfLogins(file));
  const documents = documentsIn(inspected).filter(({ kind }) => kind === "login");
  return [...scripts, ...documents.map(({ file }) => file)].flatMap(
    (file) => promiseIn(file, tree.text(file)) ?? [],
  );
}

/** Whoever stores a new login waits for as long as the words say, and then looks for another fault. */
function laterThanSaid(inspected: Inspected): Fault[] {
  const [first] = promisesIn(inspected).toSorted((left, right) => left.minutes - right.minutes);
  if (!first) return [];
  return inspected.workspaces.flatMap(({ facts }) =>
    facts.externalSecrets
      .filter(({ secret }) => secret === facts.login?.source?.secret)
      .flatMap(({ name }) => {
        const owned = ownedNamed(inspected, "ExternalSecret", { namespace: facts.namespace, name });
        const { refreshInterval = "1h", refreshPolicy = "Periodic" } = owned
          ? specOf<{ refreshInterval?: string; refreshPolicy?: string }>(owned)
          : {};
        const seconds = secondsOf(refreshInterval) ?? 0;
        // What is longer than a day, or never, is told as that.
        const isOther = refreshPolicy !== "Periodic" || seconds > 24 * 3600;
        if (!owned || isOther || seconds <= first.minutes * 60) return [];
        return {
          message: `ExternalSecret ${name} looks again after ${refreshInterval}, and ${posix.basename(first.file)} promises a new login within ${first.minutes} minutes`,
          remedy: `write refreshInterval: ${first.minutes}m, or say the other time in ${posix.basename(first.file)}`,
          ...inspected.placeOf(owned, key("spec"), key("refreshInterval")),
        };
      }),
  );
}

/** Whether what the owner reads of times is so. */
export const promisedTimeRules = [
  rule({
    id: "later-than-promised",
    title: "a new login comes when the tree's words say so",
    pitfalls: [11],
    severity: "warning",
    find: laterThanSaid,
  }),
];
