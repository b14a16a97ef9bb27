import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

const remedy = "break its long lines, or keep what is data in files of its own";

function tooLong({ workspaces, tooLong: files }: Inspected): Fault[] {
  const scripts = workspaces.flatMap(({ facts, containers, at }) =>
    containers
      .filter(({ program }) => program.isTooLong)
      .map(({ container }) => ({
        message: `what container ${container.name} of ${facts.name} runs is too long to be looked through: nothing is said of it`,
        remedy,
        ...at(key(container.name)),
      })),
  );
  const documents = files.map((file) => ({
    message: `${file} is too long to be looked through: nothing is said of it`,
    remedy,
    file,
    line: 1,
  }));
  return [...scripts, ...documents];
}

export const tooLongRules = [
  rule({
    id: "too-long-to-read",
    title: "scripts and documents can be looked through",
    severity: "warning",
    find: tooLong,
  }),
];
