import type { V1Container } from "@kubernetes/client-node";
import type { Fault } from "../../finding.ts";
import { eachWorkspace, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

type Context = NonNullable<V1Container["securityContext"]>;

const measures: [what: string, isTaken: (context: Context) => boolean][] = [
  ["allowPrivilegeEscalation: false", ({ allowPrivilegeEscalation }) => allowPrivilegeEscalation === false],
  ["capabilities.drop: [ALL]", ({ capabilities }) => capabilities?.drop?.includes("ALL") === true],
  ["readOnlyRootFilesystem: true", ({ readOnlyRootFilesystem }) => readOnlyRootFilesystem === true],
];

/** What all others in the pod have: that of agents, who run whatever they like, needs it most. */
function softened({ facts, app, containers, at }: InspectedWorkspace): Fault[] {
  const others = containers.filter(({ container }) => container !== app);
  const own = app.securityContext ?? {};
  const gone = measures.filter(
    ([, isTaken]) =>
      !isTaken(own) && others.every(({ container: { securityContext } }) => isTaken(securityContext ?? {})),
  );
  // Said in so many words, and nothing else: an image that writes to its own disk.
  const isMeant = own.readOnlyRootFilesystem === false && gone.length === 1;
  if (others.length === 0 || gone.length === 0 || (isMeant && /^readOnly/.test(gone[0]?.[0] ?? "")))
    return [];
  const names = gone.map(([what]) => what).join(", ");
  return [
    {
      message: `OpenCode's container of ${facts.name} alone has no ${names}, which all others of its pod have: there agents run commands`,
      remedy: `write ${names} into its securityContext; an image that must write to its own disk says readOnlyRootFilesystem: false`,
      ...at(key(facts.container), ...(app.securityContext ? [key("securityContext")] : [])),
    },
  ];
}

export const hardeningRules = [
  rule({
    id: "softer-than-others",
    title: "OpenCode's container may do no more than its helpers",
    severity: "warning",
    find: eachWorkspace(softened),
  }),
];
