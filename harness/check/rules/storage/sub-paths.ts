import { escapeRegExp } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { eachWorkspace, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** Two directories of OpenCode's that are one on the volume: each finds, and removes, the other's files. */
function oneForTwo({ facts, at }: InspectedWorkspace): Fault[] {
  return facts.claims.flatMap(({ name, mounts }) => {
    const own = mounts.filter(({ container, readOnly }) => container === facts.container && !readOnly);
    return [...Map.groupBy(own, ({ subPath }) => subPath).entries()].flatMap(([subPath, found]) => {
      const [first, second] = found;
      if (!first || !second) return [];
      const what = subPath === "" ? `the root of claim ${name}` : `${subPath} of claim ${name}`;
      return {
        message: `OpenCode's container of ${facts.name} has ${what} at ${first.path} and at ${second.path}: what belongs into one lies in the other too`,
        remedy: "give each directory a subPath of its own",
        // The whole volume under two names may be meant.
        ...(subPath === "" ? { severity: "warning" as const } : {}),
        ...at(
          key("persistence"),
          new RegExp(`(path|mountPath): ["']?${escapeRegExp(second.path)}["']?$`),
          key("subPath"),
        ),
      };
    });
  });
}

/** How a volume is divided. */
export const subPathRules = [
  rule({
    id: "sub-path-twice",
    title: "each directory has a place of its own on the volume",
    pitfalls: [8],
    find: eachWorkspace(oneForTwo),
  }),
];
