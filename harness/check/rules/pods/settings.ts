import { isAtOrBelow } from "../../../base/index.ts";
import { officialImage } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import {
  eachWorkspace,
  type Inspected,
  type InspectedWorkspace,
  variablesOf,
} from "../../reading/inspected.ts";
import { key, type Place } from "../../reading/place.ts";
import { type Settings, type Told, toldSettings } from "../../reading/told-settings.ts";
import { rule } from "../../rule.ts";

/** The last that says anything of a field: its word counts. */
const lastOf = (told: Told[], field: keyof Settings): Told | undefined =>
  told.findLast(({ settings }) => settings[field] !== undefined);

/** OpenCode 1.18 uploads each new session then, with what commands printed and files said, to a page for whoever has its address. */
function published(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const { facts, at } = workspace;
  const fault = (why: string, place: Place): Fault => ({
    message: `${why}: OpenCode publishes every session of ${facts.name}, with files and the output of commands, at opncd.ai`,
    remedy: 'take it out, or say share: "disabled"',
    ...place,
  });
  const told = toldSettings(workspace, inspected);
  const share = lastOf(told, "share");
  const { OPENCODE_AUTO_SHARE: isAuto, OPENCODE_DISABLE_SHARE: isOff } = variablesOf(workspace);
  if (share?.settings.share === "disabled" || isTrue(isOff)) return [];
  const variable = "OPENCODE_AUTO_SHARE";
  const old = share === undefined ? lastOf(told, "autoshare") : undefined;
  return [
    ...(isTrue(isAuto) ? [fault(`${variable} is set`, at(key(facts.container), key(variable)))] : []),
    ...(share?.settings.share === "auto" ? [fault(`share is "auto" in ${share.of}`, share.at("share"))] : []),
    ...(old?.settings.autoshare === true
      ? [fault(`autoshare is true in ${old.of}`, old.at("autoshare"))]
      : []),
  ];
}

const isTrue = (value = ""): boolean => /^(1|true)$/i.test(value);

const provider = "github-copilot";

/** Who brings no login takes the models of others, and may want no more. */
function withoutCopilot(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  if (!workspace.facts.login) return [];
  const told = toldSettings(workspace, inspected);
  const [only, without] = [lastOf(told, "enabled_providers"), lastOf(told, "disabled_providers")];
  const fault = (why: string, remedy: string, { of, at }: Told, field: string): Fault => ({
    message: `${field} ${why} ${provider} in ${of}: ${workspace.facts.name} offers none of Copilot's models`,
    remedy,
    ...at(field),
  });
  const lists = (list: unknown) => Array.isArray(list) && list.includes(provider);
  const named = only?.settings.enabled_providers;
  return [
    ...(only && Array.isArray(named) && !lists(named)
      ? [fault("leaves out", "add it to the list", only, "enabled_providers")]
      : []),
    ...(without && lists(without.settings.disabled_providers)
      ? [fault("names", "take it out of the list", without, "disabled_providers")]
      : []),
  ];
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

/** A file that OPENCODE_CONFIG names and that neither OpenCode's image nor a volume has: OpenCode goes by its own settings then. */
function nowhere({ facts, app, containers, at }: InspectedWorkspace): Fault[] {
  const variable = "OPENCODE_CONFIG";
  const path = app.env?.find(({ name }) => name === variable)?.value;
  if (path === undefined || !path.startsWith("/") || path.includes("$")) return [];
  const isMounted = (app.volumeMounts ?? []).some(({ mountPath }) => isAtOrBelow(path, mountPath));
  const isWritten = containers.some(({ program }) => program.text.includes(path));
  if (isMounted || isWritten || !officialImage.test(app.image ?? "")) return [];
  return [
    {
      message: `${variable} of ${facts.name} names ${path}, which lies on no volume: OpenCode goes by its own settings`,
      remedy: "mount the file there, or name the one that is mounted",
      severity: "warning",
      ...at(key(facts.container), key(variable)),
    },
  ];
}

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
