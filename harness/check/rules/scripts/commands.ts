import type { Fault } from "../../finding.ts";
import { eachWorkspace, type Inspected, type InspectedWorkspace } from "../../reading/inspected.ts";
import { isToldByOptions, textOf } from "../../reading/listening.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** `["opencode web"]` is a program of that name, with the space in it. */
function oneWord({ facts, containers, at }: InspectedWorkspace): Fault[] {
  return containers.flatMap(({ container: { name, command = [] } }) => {
    const [program = ""] = command;
    if (!/\s/.test(program.trim()) || program.includes("\n")) return [];
    return {
      message: `container ${name} of ${facts.name} is to run a program whose name is "${program}", spaces included`,
      remedy: `write each word by itself: [${program.trim().split(/\s+/).join(", ")}]`,
      ...at(key(name), key("command")),
    };
  });
}

/** OpenCode listens on 127.0.0.1 if nothing else is said. */
function unreachable(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const { facts, at } = workspace;
  if (!isToldByOptions(workspace, inspected)) return [];
  const [, host = "127.0.0.1"] = /--hostname[ =]["']?([\w.:]+)/.exec(textOf(workspace)) ?? [];
  if (!/^(127\.|localhost$|::1$)/.test(host) || facts.sidecars.length > 0) return [];
  return [
    {
      message: `${facts.name} listens on ${host}: nobody outside of its pod reaches it, probes included`,
      remedy: "give opencode --hostname 0.0.0.0",
      ...at(key(facts.container), /hostname|\b(command|args):/),
    },
  ];
}

/** What containers are told to run. */
export const commandRules = [
  rule({
    id: "no-such-program",
    title: "commands are written in words",
    isBlocker: true,
    find: eachWorkspace(oneWord),
  }),
  rule({
    id: "listens-locally",
    title: "OpenCode listens to more than its own pod",
    isBlocker: true,
    find: eachWorkspace(unreachable),
  }),
];
