import { closest } from "../../../base/index.ts";
import { containersOf, officialImage, workloadsIn } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, ownedNamed } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** Commands of OpenCode 1.18 that end, or that need a terminal; two others serve. */
const others = new Set(
  "run acp mcp attach tui auth agent upgrade models stats export import github pr session debug".split(" "),
);

/** A Deployment of OpenCode's image that runs no server is no workspace, and nothing else is said of it. */
function noServer(inspected: Inspected): Fault[] {
  const { home, isOurs, of, workspaces, placeOf } = inspected;
  const known = new Set(workspaces.map(({ workload }) => `${workload.namespace}/${workload.name}`));
  return workloadsIn(home.rendered)
    .filter(
      ({ kustomization, namespace, name }) => isOurs(kustomization) && !known.has(`${namespace}/${name}`),
    )
    .flatMap((workload) =>
      containersOf(workload)
        .filter(({ image = "" }) => officialImage.test(image) && workload.pod.containers.length === 1)
        .filter((container) => workload.pod.containers.includes(container))
        .flatMap(({ name, command = [], args = [] }) => {
          const words = [...command, ...args].filter((word) => !/(^|\/)opencode$/.test(word));
          const [said] = words;
          const object = ownedNamed({ of }, workload.kind, workload);
          // What a script does may be seen in the cluster only.
          const isScript = words.some((word) => /[\s/]/.test(word));
          if (!object || isScript || (said !== undefined && others.has(said))) return [];
          const guess = said && closest(said, ["web", "serve"]);
          return {
            message: `container ${name} of ${workload.name} runs ${said ? `opencode ${said}, which is no command` : "opencode without a command, which is for a terminal"}: nothing of it is served`,
            remedy: guess
              ? `did you mean ${guess}?`
              : "write opencode web, with --hostname 0.0.0.0 and --port",
            ...placeOf(object, key(name), /^\s*(command|args):/),
          };
        }),
    );
}

/** A release that runs OpenCode and that the harness could not render: of it nothing was looked at. */
function unseen(inspected: Inspected): Fault[] {
  const { home, isOurs, placeOf } = inspected;
  return home.rendered.releases
    .filter(({ isRendered, kustomization }) => !isRendered && isOurs(kustomization))
    .flatMap(({ namespace, name, chart }) => {
      const release = ownedNamed(inspected, "HelmRelease", { namespace, name });
      const isOpenCode = /anomalyco\/opencode\b/.test(JSON.stringify(release?.object.spec ?? {}));
      const hasProblem = home.rendered.problems.some(({ message }) => message.includes(name));
      if (!release || !isOpenCode || hasProblem) return [];
      return {
        message: `HelmRelease ${name} runs OpenCode with chart ${chart?.name ?? "of no name"}, which the harness cannot render: nothing of this workspace was looked at`,
        remedy: "name app-template as its chart, or look at it in the cluster",
        severity: "warning" as const,
        ...placeOf(release, /^\s*chart(Ref)?:/),
      };
    });
}

/** What looks like a workspace, and is none. */
export const serverRules = [
  rule({ id: "no-server", title: "what has OpenCode's image serves", isBlocker: true, find: noServer }),
  rule({ id: "not-seen", title: "every workspace is looked at", find: unseen }),
];
