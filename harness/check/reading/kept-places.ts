import { posix } from "node:path";
import { innermostMount } from "../../base/index.ts";
import { type InspectedWorkspace, variablesOf } from "./inspected.ts";

/** Where OpenCode's database lies, if a variable says so. */
function databaseOf(workspace: InspectedWorkspace): string | undefined {
  const path = variablesOf(workspace).OPENCODE_DB;
  return path?.startsWith("/") ? posix.dirname(path) : undefined;
}

/** The directories of OpenCode's container that must outlive it, as far as the tree says them, and what is in each. */
export function keptDirectories(workspace: InspectedWorkspace): { what: string; directory: string }[] {
  const { facts } = workspace;
  return [
    { what: "sessions and login", directory: facts.dataDirectory },
    { what: "code", directory: facts.workingDirectory },
    { what: "sessions (OPENCODE_DB)", directory: databaseOf(workspace) },
  ].flatMap(({ what, directory }) => (directory === undefined ? [] : [{ what, directory }]));
}

/** Where OpenCode looks for the owner's own settings, agents and commands; undefined where only the image knows. */
export function settingsDirectory(workspace: InspectedWorkspace): string | undefined {
  const { XDG_CONFIG_HOME, HOME } = variablesOf(workspace);
  const above = XDG_CONFIG_HOME || (HOME && posix.join(HOME, ".config"));
  return above?.startsWith("/") ? posix.join(above, "opencode") : undefined;
}

/** A place on a volume, wherever that is mounted. */
export interface PlaceOnVolume {
  claim: string;
  /** From the root of the volume; "" for that. */
  path: string;
}

/** Where on a claim a directory of OpenCode's container lies; undefined where it is on none. */
export function placeOnVolume(
  { facts, app }: InspectedWorkspace,
  directory: string,
): PlaceOnVolume | undefined {
  const mount = innermostMount(app.volumeMounts, directory);
  const claim = facts.claims.find(({ mounts }) =>
    mounts.some(({ container, path }) => container === app.name && path === mount?.mountPath),
  );
  if (!mount || !claim) return undefined;
  const path = posix.join(
    mount.subPath ?? mount.subPathExpr ?? "",
    posix.relative(mount.mountPath, directory),
  );
  return { claim: claim.name, path: path === "." ? "" : path.replace(/^\.\//, "") };
}
