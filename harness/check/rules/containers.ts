import type { V1Container, V1Probe } from "@kubernetes/client-node";
import type { Fault } from "../finding.ts";
import type { Inspected, InspectedWorkspace } from "../inspected.ts";
import { isToldByOptions, knownPorts, textOf } from "../listening.ts";
import { key, type Needle } from "../place.ts";
import { bytesOf, coresOf } from "../quantities.ts";
import { rule } from "../rule.ts";

const each =
  (find: (workspace: InspectedWorkspace, inspected: Inspected) => Fault[]) =>
  (inspected: Inspected): Fault[] =>
    inspected.workspaces.flatMap((workspace) => find(workspace, inspected));

/** `["opencode web"]` is a program of that name, with the space in it. */
function oneWord({ facts, containers, at }: InspectedWorkspace): Fault[] {
  return containers.flatMap(({ container: { name, command = [] } }) => {
    const [program = ""] = command;
    if (!/\s/.test(program.trim()) || program.includes("\n")) return [];
    return {
      message: `container ${name} of ${facts.name} is to run a program whose name is "${program}", spaces included`,
      remedy: `write each word by itself: [${program.trim().split(/\s+/).join(", ")}]`,
      ...at(key(name), key("command")),
    };
  });
}

/** OpenCode listens on 127.0.0.1 if nothing else is said. */
function unreachable(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const { facts, at } = workspace;
  if (!isToldByOptions(workspace, inspected)) return [];
  const [, host = "127.0.0.1"] = /--hostname[ =]["']?([\w.:]+)/.exec(textOf(workspace)) ?? [];
  if (!/^(127\.|localhost$|::1$)/.test(host) || facts.sidecars.length > 0) return [];
  return [
    {
      message: `${facts.name} listens on ${host}: nobody outside of its pod reaches it, probes included`,
      remedy: "give opencode --hostname 0.0.0.0",
      ...at(key(facts.container), /hostname|\b(command|args):/),
    },
  ];
}

const probesOf = ({ app }: InspectedWorkspace): [string, V1Probe | undefined][] => [
  ["startup", app.startupProbe],
  ["readiness", app.readinessProbe],
  ["liveness", app.livenessProbe],
];

const portOf = (probe: V1Probe | undefined) =>
  (probe?.httpGet ?? probe?.tcpSocket)?.port as number | string | undefined;

function probePorts(workspace: InspectedWorkspace): Fault[] {
  const { facts, app, at } = workspace;
  const known = knownPorts(workspace);
  return probesOf(workspace).flatMap(([name, probe]) => {
    const port = portOf(probe);
    const named = app.ports?.find((one) => one.name === port)?.containerPort;
    const number = typeof port === "number" ? port : named;
    const place = at(key("probes"), key(name), key("port"));
    if (typeof port === "string" && named === undefined) {
      const isNumber = /^\d+$/.test(port);
      return {
        message: `the ${name} probe of ${facts.name} asks port "${port}", ${isNumber ? "which in quotes is a port's name" : "and the container has no port of that name"}`,
        remedy: `let port be ${facts.port}`,
        ...place,
      };
    }
    if (number === undefined || known.length === 0 || known.includes(number)) return [];
    if (facts.sidecars.length > 0) return [];
    return {
      message: `the ${name} probe of ${facts.name} asks port ${number}, and OpenCode listens on ${facts.port}: the pod is never Ready`,
      remedy: `let port be ${facts.port}`,
      ...place,
    };
  });
}

/** Seconds until a probe that never succeeds has failed for good, by Kubernetes' defaults. */
const patience = ({ failureThreshold = 3, periodSeconds = 10, initialDelaySeconds = 0 }: V1Probe): number =>
  initialDelaySeconds + failureThreshold * periodSeconds;

/** With half a processor OpenCode takes up to ten seconds to its first answer, and a busy agent keeps it from answering. */
const seconds = 20;

function impatience(workspace: InspectedWorkspace): Fault[] {
  const { facts, at } = workspace;
  return probesOf(workspace)
    .filter(([name]) => name !== "readiness")
    .flatMap(([name, probe]) => {
      if (!probe || patience(probe) >= seconds) return [];
      return {
        message: `the ${name} probe of ${facts.name} gives OpenCode ${patience(probe)} s: it is killed while it ${name === "startup" ? "starts" : "is busy"}`,
        remedy: "give it a minute: failureThreshold times periodSeconds",
        ...at(key("probes"), key(name), key("failureThreshold")),
      };
    });
}

/** Whether a container may write to a directory: a mount that is not read-only, or its own disk. */
function canWrite({ volumeMounts = [], securityContext }: V1Container, directory: string): boolean {
  const [mount] = volumeMounts
    .filter(
      ({ mountPath }) => directory === mountPath || directory.startsWith(`${mountPath.replace(/\/$/, "")}/`),
    )
    .toSorted((left, right) => right.mountPath.length - left.mountPath.length);
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

function noHome({ facts, containers, at }: InspectedWorkspace): Fault[] {
  if (facts.uid === undefined || facts.uid === 0) return [];
  return containers.flatMap(({ container, program: { text, variables } }) => {
    const isApp = container.name === facts.container;
    const usesHome = /\$\{?HOME\b|(^|[\s"=])~\//m.test(text) || (isApp && facts.dataDirectory === undefined);
    if (!usesHome || variables.HOME !== undefined) return [];
    return {
      message: `container ${container.name} of ${facts.name} has no HOME: that of user ${facts.uid}, whom the image does not know, is /`,
      remedy: "set HOME to the directory above .local/share/opencode, in env",
      // Another image may set it.
      ...(ofRoot.test(container.image ?? "") ? {} : { severity: "warning" as const }),
      ...at(key(container.name), key("env")),
    };
  });
}

/** The images of the home's workspaces, which name no user of their own. */
const ofRoot = /(^|\/)(anomalyco\/opencode|alpine\/git)[:@]/;

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
function ofTheNode({ facts, workload: { pod }, containers, at }: InspectedWorkspace): Fault[] {
  const fields = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((field) => pod[field] === true);
  const found: string[] = [
    ...fields,
    ...(containers.some(({ container }) => container.securityContext?.privileged) ? ["privileged"] : []),
  ];
  return found.map((field) => ({
    message: `${facts.name} has ${field}: a command of its agents reaches the node, and all that runs there`,
    remedy: `take ${field} away`,
    ...at(key(field)),
  }));
}

/** OpenCode 1.18 takes 0.8 GB for the provider list that its page asks for (manifests/README.md). */
const enough = 800e6;
const least = 200e6;
/** More than a node of a home has, and what 500 and 1000 without a unit ask for. */
const cores = 64;

function resources({ facts, containers, app, at }: InspectedWorkspace): Fault[] {
  return containers.flatMap(({ container }) => {
    const { name, resources: { limits = {}, requests = {} } = {} } = container;
    const place = at(key(name), key("resources"));
    const memory = limits.memory === undefined ? undefined : bytesOf(limits.memory);
    const floor = container === app ? least : 4e6;
    const tooSmall =
      memory !== undefined && memory < (container === app ? enough : floor)
        ? [
            {
              message: `container ${name} of ${facts.name} has ${limits.memory} of memory (${Math.floor(memory)} bytes), and ${container === app ? "OpenCode needs 0.8 GB: it is killed" : "cannot start"}`,
              remedy: container === app ? "let limits.memory be 1Gi" : "give it 512Mi",
              ...(memory < floor ? {} : { severity: "warning" as const }),
              ...at(key(name), key("resources"), key("limits"), key("memory")),
            },
          ]
        : [];
    const tooMany =
      requests.cpu !== undefined && coresOf(requests.cpu) > cores
        ? [
            {
              message: `container ${name} of ${facts.name} asks for ${requests.cpu} processors, which no node has: the pod stays Pending`,
              remedy: `write ${requests.cpu}m for thousandths of one`,
              ...place,
            },
          ]
        : [];
    return [...tooSmall, ...tooMany];
  });
}

/** Pods of a lost node go by these two taints; who tolerates them without an end stays there. */
function neverLeaves({ facts, workload: { pod }, at }: InspectedWorkspace): Fault[] {
  const stays = pod.tolerations?.some(
    ({ key: taint, operator, effect, tolerationSeconds }) =>
      tolerationSeconds === undefined &&
      (effect === undefined || effect === "NoExecute") &&
      (taint === undefined
        ? operator === "Exists"
        : /^node\.kubernetes\.io\/(unreachable|not-ready)$/.test(taint)),
  );
  if (!stays) return [];
  return [
    {
      message: `${facts.name} tolerates that its node is lost, without an end: nothing moves it to another one`,
      remedy: "take the toleration away, or give it tolerationSeconds",
      ...at(key("tolerations")),
    },
  ];
}

function noPods({ facts, workload, at }: InspectedWorkspace): Fault[] {
  if (workload.spec.replicas !== 0) return [];
  return [
    {
      message: `${facts.name} has replicas: 0, so that nothing of it runs`,
      remedy: "let replicas be 1",
      ...at(key("replicas")),
    },
  ];
}

/** What the kubelet, and OpenCode, make of a container. */
export const containerRules = [
  rule({
    id: "no-such-program",
    title: "commands are written in words",
    isBlocker: true,
    find: each(oneWord),
  }),
  rule({
    id: "listens-locally",
    title: "OpenCode listens to more than its own pod",
    isBlocker: true,
    find: each(unreachable),
  }),
  rule({
    id: "probe-port",
    title: "probes ask the port on which OpenCode listens",
    isBlocker: true,
    find: each(probePorts),
  }),
  rule({ id: "probe-impatient", title: "no probe kills what is starting or busy", find: each(impatience) }),
  rule({ id: "read-only", title: "OpenCode can write where it must", pitfalls: [8], find: each(unwritable) }),
  rule({ id: "no-home", title: "every user has a HOME", pitfalls: [8], find: each(noHome) }),
  rule({
    id: "root-refused",
    title: "no container is root that must not be",
    pitfalls: [1],
    isBlocker: true,
    find: each(refusedUser),
  }),
  rule({ id: "runs-as-root", title: "no agent is root", severity: "warning", find: each(asRoot) }),
  rule({ id: "node-in-reach", title: "no agent reaches its node", find: each(ofTheNode) }),
  rule({
    id: "resources",
    title: "memory and processors are in units that are meant",
    find: each(resources),
  }),
  rule({ id: "stays-on-lost-node", title: "pods leave a lost node", pitfalls: [6], find: each(neverLeaves) }),
  rule({ id: "no-pods", title: "each workspace runs", isBlocker: true, find: each(noPods) }),
];
