import { escapeRegExp } from "../../../base/index.ts";
import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, type InspectedWorkspace, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface Subject {
  kind?: string;
  name?: string;
  namespace?: string;
}

interface PolicyRule {
  apiGroups?: string[];
  resources?: string[];
  verbs?: string[];
}

interface Binding {
  roleRef?: { kind?: string; name?: string };
  subjects?: Subject[] | null;
}

/** Whom a subject is, as far as a workspace is among them. */
function whoIs(
  { kind, name = "", namespace }: Subject,
  binding: OwnedObject,
  { facts, workload: { pod } }: InspectedWorkspace,
): "itself" | "others too" | undefined {
  const own = pod.serviceAccountName ?? "default";
  if (kind === "ServiceAccount") {
    const isOurs = (namespace ?? binding.object.metadata.namespace) === facts.namespace;
    if (!isOurs || (name !== own && name !== "default")) return undefined;
    return name === "default" ? "others too" : "itself";
  }
  if (kind === "User" && name === `system:serviceaccount:${facts.namespace}:${own}`)
    return own === "default" ? "others too" : "itself";
  const everybody = [
    "system:serviceaccounts",
    `system:serviceaccounts:${facts.namespace}`,
    "system:authenticated",
    "system:unauthenticated",
    "system:anonymous",
  ];
  return everybody.includes(name) ? "others too" : undefined;
}

/** Roles of Kubernetes itself with which Secrets are read, or pods started that read them. */
const strong: Readonly<Record<string, string>> = {
  "cluster-admin": "may do everything",
  admin: "may read every Secret",
  edit: "may read every Secret",
};

const has = (list: readonly string[] | undefined, ...wanted: string[]) =>
  list?.some((one) => one === "*" || wanted.includes(one)) === true;

/** What a role allows that opens more than its words: Secrets, commands in pods, rights themselves. */
function powerOf({ rules }: { rules?: PolicyRule[] | null }): string | undefined {
  const may = (group: string, resources: string[], verbs: string[]) =>
    (rules ?? []).some(
      (one) => has(one.apiGroups, group) && has(one.resources, ...resources) && has(one.verbs, ...verbs),
    );
  if (may("", ["secrets"], ["get", "list", "watch"])) return "may read Secrets";
  if (may("", ["pods/exec", "pods/attach"], ["create", "get"])) return "may run commands in pods";
  if (
    may("", ["pods"], ["create"]) ||
    may("apps", ["deployments", "statefulsets"], ["create", "patch", "update"])
  )
    return "may start pods, with any Secret and claim of their namespace";
  const ofRights = ["roles", "clusterroles", "rolebindings", "clusterrolebindings"];
  if (may("rbac.authorization.k8s.io", ofRights, ["bind", "escalate", "create", "update", "patch"]))
    return "may give itself more rights";
  return undefined;
}

function boundPower({ of }: Inspected, { object }: OwnedObject): string | undefined {
  const { roleRef: { kind, name = "" } = {} } = object as Binding;
  const role = of(kind ?? "").find(
    ({ object: { metadata } }) =>
      metadata.name === name && (kind === "ClusterRole" || metadata.namespace === object.metadata.namespace),
  );
  return role
    ? powerOf(role.object as { rules?: PolicyRule[] })
    : kind === "ClusterRole"
      ? strong[name]
      : undefined;
}

/** Who has not logged in at all: what Kubernetes itself lets them see has roles of its own. */
function openToAll({ object }: OwnedObject): string | undefined {
  const { roleRef: { name = "" } = {}, subjects } = object as Binding;
  const isOpen = (subjects ?? []).some((one) =>
    /^system:(?:anonymous|unauthenticated)$/.test(one.name ?? ""),
  );
  return isOpen && !name.startsWith("system:")
    ? "is for everybody who reaches the API server, without a login"
    : undefined;
}

/** An account that every pod of the namespace has, or everybody's: whatever runs there gets the right. */
function openRights(inspected: Inspected): Fault[] {
  return [...inspected.of("ClusterRoleBinding"), ...inspected.of("RoleBinding")].flatMap((binding) => {
    const power = boundPower(inspected, binding) ?? openToAll(binding);
    if (power === undefined) return [];
    const subjects = (binding.object as Binding).subjects ?? [];
    const all = inspected.workspaces.flatMap((workspace) =>
      subjects.flatMap((subject) => {
        const who = whoIs(subject, binding, workspace);
        return who ? [{ subject, who, facts: workspace.facts }] : [];
      }),
    );
    const found = all.find(({ who }) => who === "others too") ?? all[0];
    if (!found) return [];
    const {
      subject: { kind, name },
      facts,
    } = found;
    const isOwn = found.who === "itself";
    return {
      message: `${titleOf(binding)} lets ${kind} ${name}${isOwn ? `, as which ${facts.name} runs,` : `, which every pod beside ${facts.name} is or may be,`} do what ${(binding.object as Binding).roleRef?.name} allows: it ${power}`,
      remedy: isOwn
        ? "bind a role that names what an agent is to see, without Secrets (view, for instance)"
        : "take the binding out, or bind a ServiceAccount of its own to a role that names what is needed",
      ...(isOwn ? { severity: "warning" as const } : {}),
      ...inspected.placeOf(
        binding,
        key("subjects"),
        new RegExp(`name: *["']?${escapeRegExp(name ?? "")}["']?(?=[\\s,}]|$)`),
      ),
    };
  });
}

/** Rights in the cluster that somebody gives to whatever runs beside a workspace. */
export const bindingRules = [
  rule({
    id: "account-with-rights",
    title: "no account of a workspace's namespace may read Secrets",
    find: openRights,
  }),
];
