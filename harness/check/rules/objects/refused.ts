import type { V1Container } from "@kubernetes/client-node";
import { escapeRegExp } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected, InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { probesOf } from "../../reading/probes.ts";
import { bytesOf, isQuantity } from "../../reading/quantities.ts";
import { rule } from "../../rule.ts";
import { isOtherProfile, type Refusal, refusedFields } from "./refused-fields.ts";

/** What the API server refuses of a pod, beyond the shape of its fields. */
function refusedPods({ workspaces }: Inspected): Fault[] {
  return workspaces.flatMap((workspace) => {
    const { facts, workload, containers, at } = workspace;
    const refusals = [
      ...refusedFields(workload.pod),
      ...otherLabels(workspace),
      ...containers.flatMap(({ container }) => [
        ...quantities(container),
        ...mounts(container, workspace),
        ...containerFields(container),
      ]),
      ...thresholds(workspace),
    ];
    return refusals.map(([message, remedy, ...needles]) => ({
      message: `the API server refuses ${facts.workload.kind} ${facts.workload.name}: ${message}`,
      remedy,
      ...at(...needles),
    }));
  });
}

function containerFields({
  name,
  imagePullPolicy,
  securityContext,
  volumeMounts = [],
}: V1Container): Refusal[] {
  const profile = securityContext?.seccompProfile?.type;
  const policies = ["Always", "IfNotPresent", "Never"];
  return [
    ...(imagePullPolicy !== undefined && !policies.includes(imagePullPolicy)
      ? [
          [
            `imagePullPolicy of container ${name} is ${imagePullPolicy}`,
            "write IfNotPresent",
            key(name),
            /[pP]ullPolicy:/,
          ] as Refusal,
        ]
      : []),
    ...(isOtherProfile(profile)
      ? [
          [
            `seccompProfile of container ${name} is of type ${profile}`,
            "write RuntimeDefault",
            key(name),
            key("seccompProfile"),
          ] as Refusal,
        ]
      : []),
    ...volumeMounts
      .filter(({ subPath }) => subPath?.startsWith("/") || subPath?.split("/").includes(".."))
      .map(
        ({ subPath }): Refusal => [
          `subPath ${subPath} of container ${name} is not relative`,
          "write it without a slash before it",
          new RegExp(`subPath: ["']?${escapeRegExp(subPath ?? "")}["']?$`),
        ],
      ),
  ];
}

function otherLabels({ workload, facts }: InspectedWorkspace): Refusal[] {
  const wrong = Object.entries(facts.selector).find(([name, value]) => workload.podLabels[name] !== value);
  if (!wrong) return [];
  return [
    [
      `its selector asks for the label ${wrong.join(": ")}, which its pods do not have`,
      "give selector.matchLabels and template.metadata.labels the same labels",
      key("selector"),
      key(wrong[0]),
    ],
  ];
}

function quantities({ name, resources: { limits = {}, requests = {} } = {} }: V1Container): Refusal[] {
  const all = [...Object.entries(requests), ...Object.entries(limits)];
  const wrong = all
    .filter(([, value]) => !isQuantity(value))
    .map(
      ([what, value]): Refusal => [
        `${value} of container ${name} is no quantity of ${what}`,
        "write units as 256Mi, 1Gi, 1G, and processors as 500m or 0.5",
        key(name),
        key("resources"),
        String(value),
      ],
    );
  const more = Object.entries(requests)
    .filter(([what, value]) => limits[what] !== undefined && bytesOf(value) > bytesOf(limits[what]))
    .map(
      ([what, value]): Refusal => [
        `container ${name} asks for ${value} of ${what}, and its limit is ${limits[what]}`,
        "let requests be no more than limits",
        key(name),
        key("resources"),
        key("requests"),
        key(what),
      ],
    );
  return [...wrong, ...more];
}

function mounts({ name, volumeMounts = [] }: V1Container, { workload }: InspectedWorkspace): Refusal[] {
  const templates = (workload.spec as { volumeClaimTemplates?: { metadata?: { name?: string } }[] })
    .volumeClaimTemplates;
  const volumes = new Set([
    ...(workload.pod.volumes ?? []).map((volume) => volume.name),
    ...(templates ?? []).map(({ metadata }) => metadata?.name),
  ]);
  const unknown = volumeMounts
    .filter((mount) => !volumes.has(mount.name))
    .map(
      (mount): Refusal => [
        `container ${name} mounts volume ${mount.name}, which the pod does not have`,
        `name one of ${[...volumes].join(", ")}`,
        key("volumeMounts"),
        `name: ${mount.name}`,
      ],
    );
  const paths = volumeMounts.map(({ mountPath }) => mountPath);
  const twice = [...new Set(paths.filter((path, index) => paths.indexOf(path) !== index))].map(
    (path): Refusal => [
      `container ${name} mounts two volumes at ${path}`,
      "give each mount a path of its own",
      new RegExp(`(path|mountPath): ["']?${escapeRegExp(path)}["']?$`),
      new RegExp(`(path|mountPath): ["']?${escapeRegExp(path)}["']?$`),
    ],
  );
  return [...unknown, ...twice];
}

/** One answer is enough for a start, and for life. */
function thresholds(workspace: InspectedWorkspace): Refusal[] {
  return probesOf(workspace)
    .filter(([name, probe]) => name !== "readiness" && (probe?.successThreshold ?? 1) !== 1)
    .map(
      ([name, probe]): Refusal => [
        `successThreshold of the ${name} probe is ${probe?.successThreshold}, and must be 1`,
        "leave successThreshold out",
        key(name),
        key("successThreshold"),
      ],
    );
}

/** What no schema says, and the API server refuses all the same. */
export const refusedRules = [
  rule({ id: "refused", title: "the API server takes every pod", isBlocker: true, find: refusedPods }),
];
