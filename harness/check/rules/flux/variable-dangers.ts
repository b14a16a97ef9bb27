import type { Fault } from "../../finding.ts";
import { eachWorkspace, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

type Danger = [
  name: string,
  is: (value: string | undefined) => boolean,
  what: (workspace: string) => string,
  remedy: string,
  severity?: "warning",
];

const dangers: Danger[] = [
  [
    "NODE_TLS_REJECT_UNAUTHORIZED",
    (value) => value === "0",
    (name) => `takes anybody for Copilot and GitHub: ${name} hands its login to whoever answers`,
    "leave it out; an authority of the house comes with NODE_EXTRA_CA_CERTS",
  ],
  [
    "OPENCODE_AUTH_CONTENT",
    () => true,
    (name) =>
      `is read in auth.json's place: a login in the page of ${name} and each renewed token have no effect, and every shell can read it`,
    "leave it out: OpenCode reads auth.json on its volume",
    "warning",
  ],
];

/** Variables by which OpenCode, or what it runs on, leaves what this tree leans on. */
function dangerous({ facts, app, at }: InspectedWorkspace): Fault[] {
  return (app.env ?? []).flatMap(({ name, value, valueFrom }) =>
    dangers
      .filter(([one, is]) => one === name && (valueFrom !== undefined || is(value)))
      .map(([one, , what, remedy, severity]) => ({
        message: `${one} ${what(facts.name)}`,
        remedy,
        ...(severity ? { severity } : {}),
        ...at(key(app.name), key(one)),
      })),
  );
}

/** What OpenCode's variables must not say. */
export const variableDangerRules = [
  rule({ id: "variable-opens", title: "no variable takes a lock away", find: eachWorkspace(dangerous) }),
];
