import { externalSecretsIn } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { eachWorkspace, type Inspected, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** Whether somebody in the tree makes a Secret. */
export function isSecretMade({ objects }: Inspected, namespace: string, name: string): boolean {
  return (
    objects.find("Secret", { namespace, name }) !== undefined ||
    externalSecretsIn(namespace, objects).some(({ secret }) => secret === name)
  );
}

/** The kubelet goes on without such a Secret: what needs a login is not pulled then. */
function pullSecrets({ facts, workload: { pod }, at }: InspectedWorkspace, inspected: Inspected): Fault[] {
  return (pod.imagePullSecrets ?? []).flatMap(({ name = "" }) => {
    if (isSecretMade(inspected, facts.namespace, name)) return [];
    return {
      message: `${facts.name} pulls its images with Secret ${facts.namespace}/${name}, which nobody in the tree makes: what is private is not pulled`,
      remedy: "leave imagePullSecrets out, or make the Secret in this namespace",
      ...at(key("imagePullSecrets"), name),
    };
  });
}

/** Whether everything in a namespace is known: a release that cannot be rendered may make anything. */
const isKnown = ({ home }: Inspected, namespace: string): boolean =>
  home.rendered.releases.every((release) => release.isRendered || release.namespace !== namespace);

function serviceAccount({ facts, workload: { pod }, at }: InspectedWorkspace, inspected: Inspected): Fault[] {
  const name = pod.serviceAccountName ?? "default";
  const isThere =
    name === "default" || inspected.objects.find("ServiceAccount", { namespace: facts.namespace, name });
  if (isThere) return [];
  return [
    {
      message: `${facts.name} runs as ServiceAccount ${facts.namespace}/${name}, which nobody in the tree makes: its pods are refused`,
      remedy: "leave serviceAccountName out, or make the account in this namespace",
      ...(isKnown(inspected, facts.namespace) ? {} : { severity: "warning" as const }),
      ...at(/serviceAccount/, name),
    },
  ];
}

/** Pods of a scheduler that is not there stay Pending, without an event. */
function scheduler({ facts, workload: { pod }, at }: InspectedWorkspace, inspected: Inspected): Fault[] {
  const name = pod.schedulerName ?? "default-scheduler";
  const isKnown = inspected.all.some(({ object }) => object.kind !== "Pod" && object.metadata.name === name);
  if (name === "default-scheduler" || isKnown) return [];
  return [
    {
      message: `${facts.name} is to be placed by scheduler ${name}, which the home is not seen to have: without it its pods stay Pending`,
      remedy: "leave schedulerName out",
      severity: "warning",
      ...at(key("schedulerName")),
    },
  ];
}

const ofKubernetes = /^system-(node|cluster)-critical$/;

/** Classes that a chart of the home may make, and that nobody in the tree is seen to. */
function classes({ facts, workload: { pod }, at }: InspectedWorkspace, { of }: Inspected): Fault[] {
  const asked = [
    ["PriorityClass", "priorityClassName", pod.priorityClassName],
    ["RuntimeClass", "runtimeClassName", pod.runtimeClassName],
  ] as const;
  return asked.flatMap(([kind, field, name]) => {
    if (!name || ofKubernetes.test(name) || of(kind).some(({ object }) => object.metadata.name === name))
      return [];
    return {
      message: `${facts.name} asks for ${kind} ${name}, which the home is not seen to make: without it its pods are refused`,
      remedy: `leave ${field} out, or name one that is there`,
      severity: "warning" as const,
      ...at(key(field)),
    };
  });
}

/** What pods name beside Secrets, ConfigMaps and claims that they mount. */
export const podNameRules = [
  rule({
    id: "pull-secret-missing",
    title: "images are pulled with a Secret that is there",
    severity: "warning",
    find: eachWorkspace(pullSecrets),
  }),
  rule({
    id: "account-missing",
    title: "pods run as a ServiceAccount that is there",
    isBlocker: true,
    find: eachWorkspace(serviceAccount),
  }),
  rule({
    id: "pod-class-missing",
    title: "classes that pods name are the home's",
    find: (inspected) => [classes, scheduler].flatMap((find) => eachWorkspace(find)(inspected)),
  }),
];
