import type { V1Container } from "@kubernetes/client-node";
import { innermostMount, isAtOrBelow } from "../../../base/index.ts";
import { ofRoot } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { eachWorkspace, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key, type Needle } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** Whether a container may write to a directory: a mount that is not read-only, or its own disk. */
function canWrite({ volumeMounts, securityContext }: V1Container, directory: string): boolean {
  const mount = innermostMount(volumeMounts, directory);
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

/** Directories that a script changes into, or makes something in: the last word of what writes. */
const written =
  /(?:^|[\s;&|(])(?:cd\s+["']?(?<into>\/[^\s"';&|]+)|(?:mkdir|touch|tee)\s+(?:-\w+\s+)*["']?(?<made>\/[^\s"';&|]+)|>{1,2}\s*["']?(?<file>\/[^\s"';&|]+))/gm;

/** Init containers that write to a mount of the claim which is read-only. */
function unwritableByHelpers({ facts, containers, at }: InspectedWorkspace): Fault[] {
  return containers
    .filter(({ isInit }) => isInit)
    .flatMap(({ container, program: { text } }) => {
      const readOnly = facts.claims
        .flatMap(({ mounts }) => mounts.filter((mount) => mount.container === container.name))
        .filter(({ path }) =>
          container.volumeMounts?.some((mount) => mount.mountPath === path && mount.readOnly === true),
        );
      const isWriting = /\b(mv|cp|mkdir|clone|touch|tee)\b|>\s*["']?[\w$/]/.test(text);
      const places = [...text.matchAll(written)].map(
        ({ groups }) => groups?.into ?? groups?.made ?? groups?.file ?? "",
      );
      const found = readOnly.find(({ path }) => places.some((place) => isAtOrBelow(place, path)));
      if (!found || !isWriting) return [];
      return {
        message: `container ${container.name} of ${facts.name} cannot write to ${found.path}: its mount is read-only`,
        remedy: "leave readOnly out",
        ...at(key("persistence"), key(container.name), key("readOnly")),
      };
    });
}

function noHome({ facts, containers, at }: InspectedWorkspace): Fault[] {
  if (facts.uid === undefined || facts.uid === 0) return [];
  return containers.flatMap(({ container, program: { text, variables } }) => {
    const isApp = container.name === facts.container;
    const usesHome = /\$\{?HOME\b|(^|[\s"=])~\//m.test(text) || (isApp && facts.dataDirectory === undefined);
    if (!usesHome || variables.HOME !== undefined) return [];
    const isKnown = ofRoot.test(container.image ?? "");
    return {
      message: `container ${container.name} of ${facts.name} has no HOME: that of user ${facts.uid}${isKnown ? ", whom the image does not know, is /" : " is / unless the image knows that user, or sets HOME"}`,
      remedy: "set HOME to the directory above .local/share/opencode, in env",
      ...(isKnown ? {} : { severity: "warning" as const }),
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
    find: eachWorkspace((workspace) => [...unwritable(workspace), ...unwritableByHelpers(workspace)]),
  }),
  rule({ id: "no-home", title: "every user has a HOME", pitfalls: [8], find: eachWorkspace(noHome) }),
];
