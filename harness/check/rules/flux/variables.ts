import { parseDocument } from "yaml";
import { editDistance } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { eachWorkspace, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** What OpenCode 1.18, its library and git read, and a workspace leans on. */
const known = [
  "OPENCODE_SERVER_PASSWORD",
  "OPENCODE_SERVER_USERNAME",
  "OPENCODE_DISABLE_AUTOUPDATE",
  "OPENCODE_CONFIG",
  "OPENCODE_CONFIG_DIR",
  "OPENCODE_CONFIG_CONTENT",
  "OPENCODE_PERMISSION",
  "OPENCODE_AUTH_CONTENT",
  "XDG_DATA_HOME",
  "XDG_CONFIG_HOME",
  "XDG_STATE_HOME",
  "XDG_CACHE_HOME",
  "GIT_TERMINAL_PROMPT",
  "GIT_SSH_COMMAND",
];

function misspelt({ facts, containers, at }: InspectedWorkspace): Fault[] {
  return containers.flatMap(({ container: { name: container, env = [] } }) =>
    env.flatMap(({ name }) => {
      const meant = known.find((one) => one !== name && editDistance(one, name.toUpperCase()) <= 2);
      if (meant === undefined || known.includes(name) || env.some((one) => one.name === meant)) return [];
      return {
        message: `container ${container} of ${facts.name} has the variable ${name}, which nobody reads`,
        remedy: `did you mean ${meant}?`,
        ...at(key(container), key(name)),
      };
    }),
  );
}

/** Settings that OpenCode takes as JSON, with comments and a comma too many: it does not start with others. */
const settings = ["OPENCODE_CONFIG_CONTENT", "OPENCODE_PERMISSION"];

function unreadable({ facts, containers, at }: InspectedWorkspace): Fault[] {
  const { variables = {} } =
    containers.find(({ container }) => container.name === facts.container)?.program ?? {};
  return settings.flatMap((name) => {
    const text = variables[name];
    if (text === undefined || text.includes("$")) return [];
    const { errors } = parseDocument(text.replaceAll(/\/\*[\s\S]*?\*\/|(^|\s)\/\/[^\n]*/g, ""));
    if (errors.length === 0 && /^\s*[{"]/.test(text)) return [];
    return {
      message: `${name} of ${facts.name} is no JSON: OpenCode does not start with it`,
      remedy: "close every brace and quote",
      ...at(key(facts.container), key(name)),
    };
  });
}

/** Names and values of what containers are told by variables. */
export const variableRules = [
  rule({ id: "variable-misspelt", title: "somebody reads every variable", find: eachWorkspace(misspelt) }),
  rule({
    id: "settings-unreadable",
    title: "OpenCode can read its settings",
    isBlocker: true,
    find: eachWorkspace(unreadable),
  }),
];
