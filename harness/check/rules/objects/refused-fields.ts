import type { V1PodSpec } from "@kubernetes/client-node";
import { key, type Needle } from "../../reading/place.ts";
import { isQuantity } from "../../reading/quantities.ts";

/** Why the API server or the kubelet refuses a pod, and where that is written. */
export type Refusal = [message: string, remedy: string, ...needles: Needle[]];

/** What a pod says of itself and its volumes, beyond the shape of its fields. */
export const refusedFields = (pod: V1PodSpec): Refusal[] => [
  ...groupPolicy(pod),
  ...podFields(pod),
  ...itemPaths(pod),
  ...scratch(pod),
];

/** Whether a seccompProfile is of a type that there is not. */
export const isOtherProfile = (type: string | undefined) =>
  type !== undefined && !["RuntimeDefault", "Unconfined", "Localhost"].includes(type);

function groupPolicy({ securityContext }: V1PodSpec): Refusal[] {
  const policy = securityContext?.fsGroupChangePolicy;
  if (policy === undefined || ["Always", "OnRootMismatch"].includes(policy)) return [];
  return [
    [`fsGroupChangePolicy is ${policy}`, "write OnRootMismatch, or Always", key("fsGroupChangePolicy")],
  ];
}

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Fields of a pod that take certain words only, which the schema does not say. */
function podFields({
  hostname,
  dnsPolicy,
  dnsConfig,
  restartPolicy,
  securityContext,
  activeDeadlineSeconds,
}: V1PodSpec): Refusal[] {
  const seccomp = securityContext?.seccompProfile?.type;
  const found: [boolean, string, string, string][] = [
    [
      hostname !== undefined && !label.test(hostname),
      "hostname",
      `hostname ${hostname} is more than one label`,
      "write a name without dots and capitals",
    ],
    [
      dnsPolicy === "None" && !dnsConfig?.nameservers?.length,
      "dnsPolicy",
      "dnsPolicy is None, and dnsConfig names no server",
      "leave dnsPolicy out",
    ],
    [
      dnsPolicy !== undefined &&
        !["None", "Default", "ClusterFirst", "ClusterFirstWithHostNet"].includes(dnsPolicy),
      "dnsPolicy",
      `dnsPolicy is ${dnsPolicy}`,
      "write ClusterFirst, or leave it out",
    ],
    [
      restartPolicy !== undefined && restartPolicy !== "Always",
      "restartPolicy",
      `restartPolicy is ${restartPolicy}, and pods of Deployments and StatefulSets are always started again`,
      "leave restartPolicy out",
    ],
    [
      activeDeadlineSeconds !== undefined,
      "activeDeadlineSeconds",
      "activeDeadlineSeconds is for Jobs",
      "leave activeDeadlineSeconds out",
    ],
    [
      isOtherProfile(seccomp),
      "seccompProfile",
      `seccompProfile is of type ${seccomp}`,
      "write RuntimeDefault",
    ],
  ];
  return found.flatMap(([is, field, why, remedy]): Refusal[] => (is ? [[why, remedy, key(field)]] : []));
}

function itemPaths({ volumes = [] }: V1PodSpec): Refusal[] {
  return volumes
    .flatMap(({ secret, configMap }) => secret?.items ?? configMap?.items ?? [])
    .filter(({ path }) => path.startsWith("/") || path.split("/").includes(".."))
    .map(
      ({ path }): Refusal => [
        `the file ${path} of a Secret or ConfigMap is not relative`,
        "write its path below the mount, without a slash before it",
        `path: ${path}`,
      ],
    );
}

function scratch({ volumes = [] }: V1PodSpec): Refusal[] {
  return volumes.flatMap(({ name, emptyDir }): Refusal[] => {
    const { sizeLimit, medium = "" } = emptyDir ?? {};
    const place = [key("persistence"), key(name)];
    if (sizeLimit !== undefined && !isQuantity(sizeLimit))
      return [
        [
          `sizeLimit ${sizeLimit} of ${name} is no size`,
          "write units as 256Mi, 1Gi, 1G",
          ...place,
          key("sizeLimit"),
        ],
      ];
    if (medium === "" || medium === "Memory" || medium.startsWith("HugePages")) return [];
    return [[`medium of ${name} is ${medium}`, "write Memory, or leave medium out", ...place, key("medium")]];
  });
}
