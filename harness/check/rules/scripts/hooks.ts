import { posix } from "node:path";
import type { V1Container, V1LifecycleHandler } from "@kubernetes/client-node";
import { officialImage } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { ofBusybox } from "../../reading/images.ts";
import { eachWorkspace, type Inspected, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { plainScript } from "../../reading/plain-script.ts";
import { rule } from "../../rule.ts";

/** What OpenCode's image does not have: Alpine with a shell, and next to nothing beside. */
const missing = /^(git|bash|curl|jq|python3?|node|npm|sudo|zsh|docker|kubectl)$/;

/** The programs of a command, where it is a shell's those of its lines too. */
function programsOf([program = "", ...rest]: readonly string[]): string[] {
  const name = posix.basename(program);
  if (!/^(sh|ash)$/.test(name)) return [name];
  const plain = plainScript(rest.at(-1) ?? "");
  // What is asked for first, or may fail, is known to be missing perhaps.
  if (/\bcommand\s+-v\b|\bwhich\b|\|\||\bif\b/.test(plain)) return [];
  return plain.split(/[\n;&|(]+/).map((one) => posix.basename(one.trim().split(/\s+/)[0] ?? ""));
}

type Asked = [field: string, handler: V1LifecycleHandler | undefined, what: string];

const handlersOf = ({ lifecycle, startupProbe, readinessProbe, livenessProbe }: V1Container): Asked[] => [
  ["postStart", lifecycle?.postStart, "it is killed as soon as it has started, again and again"],
  ["preStop", lifecycle?.preStop, "nothing of it is done"],
  ["startup", startupProbe, "it never becomes Ready, and is killed again and again"],
  ["readiness", readinessProbe, "it never becomes Ready"],
  ["liveness", livenessProbe, "it is killed again and again"],
];

/** Hooks and probes run in the container itself, with what its image has. */
function withoutProgram({ facts, app, at }: InspectedWorkspace): Fault[] {
  if (!officialImage.test(app.image ?? "")) return [];
  return handlersOf(app).flatMap(([field, handler, effect]) => {
    const program = programsOf(handler?.exec?.command ?? []).find((one) => missing.test(one));
    if (program === undefined) return [];
    return {
      message: `${field} of ${facts.name} runs ${program}, which ${app.image} does not have: ${effect}`,
      remedy: "do it in an init container of an image that has it, or leave it out",
      ...(field === "preStop" ? { severity: "warning" as const } : {}),
      ...at(key(app.name), key(field), program),
    };
  });
}

/** A helper that is started with a shell of which its image has none. */
function withoutShell(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap(({ facts, containers, at }) =>
    containers.flatMap(({ container: { name, image = "", command: [program = ""] = [] } }) => {
      // Of OpenCode's own image there is another finding.
      if (
        !/^(bash|zsh|dash|fish)$/.test(posix.basename(program)) ||
        !ofBusybox.test(image) ||
        officialImage.test(image)
      )
        return [];
      return {
        message: `container ${name} of ${facts.name} is started with ${program}, which ${image} does not have: it never starts`,
        remedy: "write /bin/sh",
        ...at(key(name), key("command"), program),
      };
    }),
  );
}

/** Whether images have what hooks, probes and commands call. */
export const hookRules = [
  rule({
    id: "hook-without-program",
    title: "hooks and probes run what the image has",
    isBlocker: true,
    find: eachWorkspace(withoutProgram),
  }),
  rule({ id: "shell-missing", title: "helpers have their shell", isBlocker: true, find: withoutShell }),
];
