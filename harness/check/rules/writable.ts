import type { V1Container } from "@kubernetes/client-node";
import type { Fault } from "../finding.ts";
import { ofRoot } from "../images.ts";
import { eachWorkspace, type InspectedWorkspace } from "../inspected.ts";
import { key, type Needle } from "../place.ts";
import { rule } from "../rule.ts";

/** Whether a container may write to a directory: a mount that is not read-only, or its own disk. */
function canWrite({ volumeMounts = [], securityContext }: V1Container, directory: string): boolean {
  const [mount] = volumeMounts
    .filter(
      ({ mountPath }) => directory === mountPath || directory.startsWith(`${mountPath.replace(/\/$/, "")}/`),
    )
    .toSorted((left, right) => right.mountPath.length - left.mountPath.length);
  return mount ? mount.readOnly !== true : securityContext?.readOnlyRootFilesystem !== true;
}

function unwritable({ facts, app, containers, at }: InspectedWorkspace): Fault[] {
  const { HOME: home } = containers.find(({ container }) => container === app)?.program.variables ?? {};
  const wanted: [string, string | undefined, Needle][] = [
    ["temporary files", "/tmp", key("persistence")],
    ["caches and state", home, key("persistence")],
    ["sessions and login", facts.dataDirectory, facts.dataDirectory ?? "readOnly"],
    ["code", facts.workingDirectory, facts.workingDirectory ?? "readOnly"],
  ];
  return wanted.flatMap(([what, directory, needle]) => {
    if (directory === undefined || canWrite(app, directory)) return [];
    return {
      message: `OpenCode's container of ${facts.name} cannot write ${what}: ${directory} is read-only`,
      remedy: `mount the claim or an emptyDir at ${directory}, without readOnly`,
      ...at(needle),
    };
  });
}

function noHome({ facts, containers, at }: InspectedWorkspace): Fault[] {
  if (facts.uid === undefined || facts.uid === 0) return [];
  return containers.flatMap(({ container, program: { text, variables } }) => {
    const isApp = container.name === facts.container;
    const usesHome = /\$\{?HOME\b|(^|[\s"=])~\//m.test(text) || (isApp && facts.dataDirectory === undefined);
    if (!usesHome || variables.HOME !== undefined) return [];
    return {
      message: `container ${container.name} of ${facts.name} has no HOME: that of user ${facts.uid}, whom the image does not know, is /`,
      remedy: "set HOME to the directory above .local/share/opencode, in env",
      // Another image may set it.
      ...(ofRoot.test(container.image ?? "") ? {} : { severity: "warning" as const }),
      ...at(key(container.name), key("env")),
    };
  });
}

/** Where OpenCode and its helpers may write. */
export const writableRules = [
  rule({
    id: "read-only",
    title: "OpenCode can write where it must",
    pitfalls: [8],
    find: eachWorkspace(unwritable),
  }),
  rule({ id: "no-home", title: "every user has a HOME", pitfalls: [8], find: eachWorkspace(noHome) }),
];
