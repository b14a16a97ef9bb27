import { ofRoot } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { eachWorkspace, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

function refusedUser({ facts, workload: { pod }, containers, at }: InspectedWorkspace): Fault[] {
  const refused = containers.filter(({ container }) => {
    const of = { ...pod.securityContext, ...container.securityContext };
    const isRoot = of.runAsUser === 0 || (of.runAsUser === undefined && ofRoot.test(container.image ?? ""));
    return isRoot && of.runAsNonRoot === true;
  });
  if (refused.length === 0) return [];
  const names = refused.map(({ container }) => container.name).join(", ");
  return [
    {
      message: `the kubelet does not start ${names} of ${facts.name}: runAsNonRoot is true, and ${facts.uid === 0 ? "runAsUser is 0" : "there is no runAsUser, where the image's user is root"}`,
      remedy: "set defaultPodOptions.securityContext.runAsUser: 1000",
      ...at(key("defaultPodOptions"), /runAsUser|runAsNonRoot/),
    },
  ];
}

function asRoot({ facts, at }: InspectedWorkspace): Fault[] {
  if (facts.uid !== 0) return [];
  return [
    {
      message: `${facts.name} runs as root: so does every command of its agents`,
      remedy: "let runAsUser, runAsGroup and fsGroup be one user that is not 0",
      ...at(/runAsUser/),
    },
  ];
}

/** What gives an agent's shell the node. */
function ofTheNode({ facts, workload: { pod }, app, at }: InspectedWorkspace): Fault[] {
  const fields = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((field) => pod[field] === true);
  const found: string[] = [...fields, ...(app.securityContext?.privileged ? ["privileged"] : [])];
  return found.map((field) => ({
    message: `${facts.name} has ${field}: a command of its agents reaches the node, and all that runs there`,
    remedy: `take ${field} away`,
    ...at(key(field)),
  }));
}

/** One that runs beside OpenCode, as a Docker of its own does: whether agents can use it, its owner knows. */
function besideIt({ facts, containers, at }: InspectedWorkspace): Fault[] {
  return containers
    .filter(({ container }) => facts.sidecars.includes(container.name))
    .filter(({ container }) => container.securityContext?.privileged)
    .map(({ container: { name } }) => ({
      severity: "warning" as const,
      message: `container ${name} of ${facts.name} is privileged: whatever command of an agent reaches it (a socket that both mount, a port) reaches the node`,
      remedy: "take privileged away, or give it nodes on which nothing else runs",
      ...at(key(name), key("privileged")),
    }));
}

/** Whose rights a container has. */
export const userRules = [
  rule({
    id: "root-refused",
    title: "no container is root that must not be",
    pitfalls: [1],
    isBlocker: true,
    find: eachWorkspace(refusedUser),
  }),
  rule({ id: "runs-as-root", title: "no agent is root", severity: "warning", find: eachWorkspace(asRoot) }),
  rule({
    id: "node-in-reach",
    title: "no agent reaches its node",
    find: eachWorkspace((workspace) => [...ofTheNode(workspace), ...besideIt(workspace)]),
  }),
];
