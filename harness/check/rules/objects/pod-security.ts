import type { V1Container, V1PodSpec } from "@kubernetes/client-node";
import type { Fault } from "../../finding.ts";
import { eachWorkspace, type Inspected, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key, type Needle } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** https://kubernetes.io/docs/concepts/security/pod-security-standards/, of what people write. */
type Violation = [what: string, needle: Needle];

const label = "pod-security.kubernetes.io/enforce";
const baselineAdds = new Set(
  "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(
    " ",
  ),
);

function baseline(pod: V1PodSpec, containers: readonly V1Container[]): Violation[] {
  const hosts = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((field) => pod[field] === true);
  const found: [boolean, ...Violation][] = [
    [
      pod.volumes?.some(({ hostPath }) => hostPath !== undefined) ?? false,
      "a volume of the node",
      /hostPath/,
    ],
    [
      containers.some(({ securityContext }) => securityContext?.privileged === true),
      "privileged",
      key("privileged"),
    ],
    [containers.some(({ ports }) => ports?.some(({ hostPort }) => hostPort)), "hostPort", /hostPort/],
    [
      containers.some(({ securityContext }) =>
        securityContext?.capabilities?.add?.some((one) => !baselineAdds.has(one)),
      ),
      "capabilities",
      key("add"),
    ],
  ];
  return [
    ...hosts.map((field): Violation => [field, key(field)]),
    ...found.flatMap(([is, ...violation]): Violation[] => (is ? [violation] : [])),
  ];
}

function restricted(pod: V1PodSpec, containers: readonly V1Container[]): Violation[] {
  const lacks = (is: (context: NonNullable<V1Container["securityContext"]>) => boolean) =>
    containers.some(({ securityContext = {} }) => !is({ ...securityContext }));
  const { runAsNonRoot, seccompProfile } = pod.securityContext ?? {};
  const isProfile = (type: string | undefined) => type === "RuntimeDefault" || type === "Localhost";
  const found: [boolean, ...Violation][] = [
    [
      lacks(({ allowPrivilegeEscalation }) => allowPrivilegeEscalation === false),
      "a container without allowPrivilegeEscalation: false",
      key("securityContext"),
    ],
    [
      lacks(({ capabilities }) => capabilities?.drop?.includes("ALL") ?? false),
      "a container that does not drop ALL capabilities",
      key("securityContext"),
    ],
    [
      lacks((context) => (context.runAsNonRoot ?? runAsNonRoot) === true),
      "no runAsNonRoot: true",
      key("defaultPodOptions"),
    ],
    [
      lacks((context) => isProfile((context.seccompProfile ?? seccompProfile)?.type)),
      "no seccompProfile RuntimeDefault",
      key("defaultPodOptions"),
    ],
  ];
  return found.flatMap(([is, ...violation]): Violation[] => (is ? [violation] : []));
}

function refused(workspace: InspectedWorkspace, { of }: Inspected): Fault[] {
  const { facts, workload, containers, at } = workspace;
  const namespace = of("Namespace").find(({ object }) => object.metadata.name === facts.namespace);
  const level = namespace?.object.metadata.labels?.[label];
  const all = containers.map(({ container }) => container);
  const violations =
    level === "restricted"
      ? [...baseline(workload.pod, all), ...restricted(workload.pod, all)]
      : level === "baseline"
        ? baseline(workload.pod, all)
        : [];
  const [first] = violations;
  if (!first) return [];
  return [
    {
      message: `namespace ${facts.namespace} takes ${level} pods only, and ${facts.name} has ${violations.map(([what]) => what).join(", ")}: its pods are refused`,
      remedy: `mend that, or let ${label} of the namespace be ${level === "restricted" ? "baseline" : "privileged"}`,
      ...at(first[1]),
    },
  ];
}

export const podSecurityRules = [
  rule({
    id: "pod-refused",
    title: "the namespace takes the pods",
    isBlocker: true,
    find: eachWorkspace(refused),
  }),
];
