import { posix } from "node:path";
import { parseDocument } from "yaml";
import { type Inspected, type InspectedWorkspace, variablesOf } from "./inspected.ts";
import { key, type Place } from "./place.ts";

/** What of OpenCode's settings (opencode.json) the mission leans on. */
export interface Settings {
  share?: unknown;
  autoshare?: unknown;
  enabled_providers?: unknown;
  disabled_providers?: unknown;
}

export interface Told {
  settings: Settings;
  /** Of what they come, for people. */
  of: string;
  at: (field: string) => Place;
}

/** Settings as JSON with comments and a comma too many, as OpenCode takes them; none for what is not such a thing. */
export function parsedSettings(text: string): Settings {
  // A string may have what looks like a comment: a pattern of files, an address.
  const plain = text.replaceAll(
    /("(?:[^"\\]|\\.)*")|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (_all, string = "") => string,
  );
  const { contents, errors } = parseDocument(plain);
  const value: unknown = errors.length === 0 ? contents?.toJSON() : undefined;
  return typeof value === "object" && value !== null ? value : {};
}

/** What a workspace's OpenCode is told by files that a ConfigMap has for it, and by a variable; of two the later counts. */
export function toldSettings(workspace: InspectedWorkspace, inspected: Inspected): Told[] {
  const { facts, at } = workspace;
  const variable = "OPENCODE_CONFIG_CONTENT";
  const inline = variablesOf(workspace)[variable];
  const files = mountedFiles(workspace, inspected).filter(({ path }) => isRead(workspace, path));
  return [
    ...files.map(({ path, name, content }) => {
      const owned = inspected
        .of("ConfigMap")
        .find(({ object }) => object.metadata.name === name && object.metadata.namespace === facts.namespace);
      return {
        settings: parsedSettings(content),
        of: `${posix.basename(path)} of ConfigMap ${name}`,
        at: (field: string) =>
          owned ? inspected.placeOf(owned, key("data"), field) : at(key("persistence"), name),
      };
    }),
    ...(inline === undefined
      ? []
      : [
          {
            settings: parsedSettings(inline),
            of: variable,
            at: (field: string) => at(key(facts.container), key(variable), field),
          },
        ]),
  ];
}

/** Where OpenCode looks for its settings. */
function isRead(workspace: InspectedWorkspace, path: string): boolean {
  const { OPENCODE_CONFIG, OPENCODE_CONFIG_DIR } = variablesOf(workspace);
  const directory = posix.dirname(path);
  return (
    path === OPENCODE_CONFIG ||
    (/\/opencode\.jsonc?$/.test(path) &&
      (directory === OPENCODE_CONFIG_DIR ||
        directory === workspace.facts.workingDirectory ||
        /(\/\.config\/opencode|^\/etc\/opencode|\/\.opencode)$/.test(directory)))
  );
}

/** Files of ConfigMaps that are in the tree, as OpenCode's container has them. */
function mountedFiles(
  { app, workload }: InspectedWorkspace,
  { objects }: Inspected,
): { path: string; name: string; content: string }[] {
  return (app.volumeMounts ?? []).flatMap((mount) => {
    const source = workload.pod.volumes?.find(({ name }) => name === mount.name)?.configMap;
    if (source?.name === undefined) return [];
    const { name, items } = source;
    const found = objects.find("ConfigMap", { namespace: workload.namespace, name }) as
      | { data?: Record<string, string> }
      | undefined;
    return Object.entries(found?.data ?? {}).flatMap(([dataKey, content]) => {
      const file = items ? items.find((item) => item.key === dataKey)?.path : dataKey;
      if (file === undefined || (mount.subPath !== undefined && mount.subPath !== file)) return [];
      return [{ path: mount.subPath ? mount.mountPath : posix.join(mount.mountPath, file), name, content }];
    });
  });
}
