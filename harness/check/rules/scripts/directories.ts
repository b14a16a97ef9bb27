import { posix } from "node:path";
import { escapeRegExp } from "../../../base/index.ts";
import { ofRoot } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected, InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { type Script, scriptsIn } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

/** `${x%/*}` and `$(dirname x)` in their place, where x is known. */
function withDirectories({ text, variables }: Script): string {
  return text
    .replaceAll(/\$\{(\w+)%\/\*\}/g, (whole, name: string) =>
      variables[name] ? posix.dirname(variables[name]) : whole,
    )
    .replaceAll(/\$\(dirname ["']?(\/[^\s"')]*)["']?\)/g, (_, path: string) => posix.dirname(path));
}

/** Root may write into what the kubelet makes itself, which is root's. */
const isOfRoot = ({ app, facts: { uid } }: InspectedWorkspace): boolean =>
  uid === 0 || (uid === undefined && ofRoot.test(app.image ?? ""));

/** Directories of a claim that the app mounts by subPath, which an init container at its root must have made. */
function unmadeDirectories(inspected: Inspected): Fault[] {
  return inspected.workspaces
    .filter((workspace) => !isOfRoot(workspace))
    .flatMap((workspace) =>
      workspace.facts.claims.flatMap(({ mounts }) => {
        const roots = mounts.filter(
          ({ container, subPath }) => subPath === "" && workspace.facts.initContainers.includes(container),
        );
        const scripts = scriptsIn(inspected).filter(
          (one) =>
            one.workspace === workspace && roots.some(({ container }) => container === one.container.name),
        );
        if (scripts.length === 0) return [];
        const text = scripts.map(withDirectories).join("\n");
        // Of a script that is not where its command says there is another finding.
        const isThere = ({ text }: Script) =>
          /\n|\bmkdir\b/.test(text.trim()) || !/\/[\w./-]+\.sh\b/.test(text);
        if (!scripts.every(isThere)) return [];
        // Of variables that only the running script knows.
        if (/\b(mkdir|install -d)\b[^\n]*\$/.test(text)) return [];
        const wanted = [...new Set(mounts.map(({ subPath }) => subPath).filter((subPath) => subPath !== ""))];
        const unmade = wanted.filter((subPath) => {
          const directories = roots.map(({ path }) => posix.join(path, subPath));
          return !directories.some((directory) =>
            new RegExp(`\\b(mkdir|install -d)\\b[^\\n]*${escapeRegExp(directory)}\\b`).test(text),
          );
        });
        if (unmade.length === 0) return [];
        return [
          {
            message: `no init container of ${workspace.facts.name} makes ${unmade.join(", ")} on the volume, which OpenCode's container mounts`,
            remedy: `mkdir -p ${unmade.map((one) => posix.join(roots[0]?.path ?? "", one)).join(" ")} first: the kubelet would make them as root's`,
            ...workspace.at(
              key("controllers"),
              scripts[0] ? key(scripts[0].container.name) : "command",
              "set -",
            ),
          },
        ];
      }),
    );
}

export const directoryRules = [
  rule({
    id: "directory-unmade",
    title: "each subPath is made before it is mounted",
    pitfalls: [8],
    find: unmadeDirectories,
  }),
];
