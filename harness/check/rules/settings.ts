import { posix } from "node:path";
import { parseDocument } from "yaml";
import type { Fault } from "../finding.ts";
import { eachWorkspace, type Inspected, type InspectedWorkspace } from "../inspected.ts";
import { key, type Place } from "../place.ts";
import { rule } from "../rule.ts";

/** What of OpenCode's settings (opencode.json) the mission leans on. */
interface Settings {
  share?: unknown;
  autoshare?: unknown;
  enabled_providers?: unknown;
  disabled_providers?: unknown;
}

interface Told {
  settings: Settings;
  /** Of what they come, for people. */
  of: string;
  at: (field: string) => Place;
}

/** Settings as JSON with comments and a comma too many, as OpenCode takes them; none for what is not such a thing. */
function parsed(text: string): Settings {
  const { contents, errors } = parseDocument(text.replaceAll(/\/\*[\s\S]*?\*\/|(^|\s)\/\/[^\n]*/g, ""));
  const value: unknown = errors.length === 0 ? contents?.toJSON() : undefined;
  return typeof value === "object" && value !== null ? value : {};
}

const variablesOf = ({ containers, app }: InspectedWorkspace): Record<string, string> =>
  containers.find(({ container }) => container === app)?.program.variables ?? {};

/** What a workspace's OpenCode is told by a variable, and by files that a ConfigMap has for it. */
function toldSettings(workspace: InspectedWorkspace, inspected: Inspected): Told[] {
  const { facts, at } = workspace;
  const variable = "OPENCODE_CONFIG_CONTENT";
  const inline = variablesOf(workspace)[variable];
  return [
    ...(inline === undefined
      ? []
      : [
          {
            settings: parsed(inline),
            of: variable,
            at: (field: string) => at(key(facts.container), key(variable), field),
          },
        ]),
    ...mountedFiles(workspace, inspected).flatMap(({ path, name, content }) => {
      if (!/\/opencode\.jsonc?$/.test(path) && path !== variablesOf(workspace).OPENCODE_CONFIG) return [];
      const owned = inspected
        .of("ConfigMap")
        .find(({ object }) => object.metadata.name === name && object.metadata.namespace === facts.namespace);
      const place = (field: string) =>
        owned ? inspected.placeOf(owned, key("data"), field) : at(key("persistence"), name);
      return [{ settings: parsed(content), of: `${posix.basename(path)} of ConfigMap ${name}`, at: place }];
    }),
  ];
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

/** OpenCode 1.18 uploads each new session then, with what commands printed and files said, to a page for whoever has its address. */
function published(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const { facts, at } = workspace;
  const fault = (why: string, place: Place): Fault => ({
    message: `${why}: OpenCode publishes every session of ${facts.name}, with files and the output of commands, at opncd.ai`,
    remedy: 'take it out, or say share: "disabled"',
    ...place,
  });
  const variable = "OPENCODE_AUTO_SHARE";
  const isSet = /^(1|true)$/i.test(variablesOf(workspace)[variable] ?? "");
  return [
    ...(isSet ? [fault(`${variable} is set`, at(key(facts.container), key(variable)))] : []),
    ...toldSettings(workspace, inspected).flatMap(({ settings, of, at: placeOf }) => {
      if (settings.share === "auto") return [fault(`share is "auto" in ${of}`, placeOf("share"))];
      return settings.autoshare === true ? [fault(`autoshare is true in ${of}`, placeOf("autoshare"))] : [];
    }),
  ];
}

const provider = "github-copilot";

function withoutCopilot(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  return toldSettings(workspace, inspected).flatMap(({ settings, of, at }) => {
    const { enabled_providers: only, disabled_providers: without } = settings;
    const isLeftOut = Array.isArray(only) && !only.includes(provider);
    const isOff = Array.isArray(without) && without.includes(provider);
    if (!isLeftOut && !isOff) return [];
    return {
      message: `${isOff ? "disabled_providers names" : "enabled_providers leaves out"} ${provider} in ${of}: ${workspace.facts.name} offers none of Copilot's models`,
      remedy: isOff ? "take it out of the list" : "add it to the list",
      ...at(isOff ? "disabled_providers" : "enabled_providers"),
    };
  });
}

function forgetful(workspace: InspectedWorkspace): Fault[] {
  const { facts, at } = workspace;
  const variable = "OPENCODE_DB";
  if (variablesOf(workspace)[variable] !== ":memory:") return [];
  return [
    {
      message: `${variable} of ${facts.name} is :memory:: its sessions end with the process`,
      remedy: "leave it out: OpenCode keeps its database in its data directory",
      ...at(key(facts.container), key(variable)),
    },
  ];
}

/** A file that OPENCODE_CONFIG names and that nobody brings: OpenCode starts, and goes by its own settings. */
function nowhere(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const { facts, app, workload, at } = workspace;
  const variable = "OPENCODE_CONFIG";
  const path = variablesOf(workspace)[variable];
  if (path === undefined || !path.startsWith("/") || path.includes("$")) return [];
  const mount = (app.volumeMounts ?? [])
    .filter(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath.replace(/\/$/, "")}/`))
    .toSorted((one, other) => other.mountPath.length - one.mountPath.length)[0];
  const volume = workload.pod.volumes?.find(({ name }) => name === mount?.name);
  const name = volume?.configMap?.name;
  const isUnknown =
    mount !== undefined &&
    (name === undefined ||
      objectIsUnknown(inspected, workload.namespace, name) ||
      mountedFiles(workspace, inspected).some((file) => file.path === path));
  if (isUnknown) return [];
  return [
    {
      message: `${variable} of ${facts.name} names ${path}, which ${mount === undefined ? "lies on no volume" : `ConfigMap ${name} does not have`}: OpenCode goes by its own settings`,
      remedy: "mount the file there, or name the one that is mounted",
      severity: "warning",
      ...at(key(facts.container), key(variable)),
    },
  ];
}

const objectIsUnknown = ({ objects }: Inspected, namespace: string, name: string) =>
  objects.find("ConfigMap", { namespace, name }) === undefined;

/** What OpenCode is told by its own settings. */
export const settingsRules = [
  rule({
    id: "sessions-published",
    title: "sessions are nobody else's to read",
    pitfalls: [3],
    find: eachWorkspace(published),
  }),
  rule({ id: "copilot-off", title: "Copilot's models can be chosen", find: eachWorkspace(withoutCopilot) }),
  rule({
    id: "sessions-in-memory",
    title: "sessions are kept in a file",
    pitfalls: [8],
    find: eachWorkspace(forgetful),
  }),
  rule({ id: "settings-missing", title: "OpenCode's settings are there", find: eachWorkspace(nowhere) }),
];
