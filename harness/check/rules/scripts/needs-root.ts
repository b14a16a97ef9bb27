import { escapeRegExp } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { named, type Script, scriptsIn, stopsOnError } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

/** Commands that only root may carry out, where the script does not say what is to happen otherwise. */
const ofRoot = /^\s*(?:apk\s+(?:-\S+\s+)*add|apt(?:-get)?\s+(?:-\S+\s+)*install|chown)\b(?![^\n]*\|\|)/m;

/** A file's owner may give it to himself, and to a group of his; the volume's root is root's. */
function isOwn({ text, workspace, container }: Script, command: string, user: number): boolean {
  const { fsGroup, runAsGroup } = workspace.workload.pod.securityContext ?? {};
  const [, owner = "", paths = ""] = /^\s*chown\s+(?:-\w+\s+)*(\S+)\s+([^\n;&|]+)/m.exec(text) ?? [];
  const [to = "", group = String(runAsGroup ?? "")] = owner.replaceAll(/["']/g, "").split(":");
  const groups = [fsGroup, runAsGroup, container.securityContext?.runAsGroup].map(String);
  const roots = (container.volumeMounts ?? []).map(({ mountPath }) => mountPath);
  const isRoot = paths
    .split(/\s+/)
    .some((path) => roots.includes(path.replaceAll(/["']/g, "").replace(/\/$/, "")));
  return command.includes("chown") && to === String(user) && groups.includes(group) && !isRoot;
}

function refused(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const { runAsUser: own } = script.container.securityContext ?? {};
    const user = own ?? script.workspace.workload.pod.securityContext?.runAsUser;
    const [command] = ofRoot.exec(script.text) ?? [];
    if (!user || command === undefined || !stopsOnError(script) || isOwn(script, command, user)) return [];
    return {
      message: `${named(script)} runs ${command.trim()} as user ${user}, who may not: the script ends there`,
      remedy: command.includes("chown")
        ? "leave it out: fsGroup gives the volume to the pod's group"
        : "take an image that has what is needed",
      ...script.at(new RegExp(`^\\s*${command.trim().split(/\s+/).map(escapeRegExp).join("\\s+")}`)),
    };
  });
}

export const needsRootRules = [
  rule({ id: "needs-root", title: "no script needs root that has it not", find: refused }),
];
