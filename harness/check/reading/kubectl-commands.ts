/** Calls of kubectl in a command line. */
export const kubectl = /\bkubectl\b[^\n|;&]*/g;

export const namespaceIn = (command: string) =>
  /\s(?:--namespace|-n)[= ]\s*["']?([^\s"']+)/.exec(command)?.[1];

/** Kinds that stand in a namespace, as people type them. */
const kinds: Readonly<Record<string, string>> = {
  deployment: "Deployment",
  deployments: "Deployment",
  deploy: "Deployment",
  statefulset: "StatefulSet",
  statefulsets: "StatefulSet",
  sts: "StatefulSet",
  pvc: "PersistentVolumeClaim",
  persistentvolumeclaim: "PersistentVolumeClaim",
  replicationsource: "ReplicationSource",
  replicationdestination: "ReplicationDestination",
  kustomization: "Kustomization",
  helmrelease: "HelmRelease",
  hr: "HelmRelease",
  externalsecret: "ExternalSecret",
  es: "ExternalSecret",
};

/** Kinds of a workload in a command, each of `deployment,statefulset`. */
export const workloadKindsIn = (command: string): string[] =>
  command
    .split(/[\s,/"']+/)
    .map((word) => kinds[word.toLowerCase()] ?? "")
    .filter((kind) => kind === "Deployment" || kind === "StatefulSet");

/** Of a command, the kind and the name that it is for. */
export function targetOf(command: string): { kind: string; name: string } | undefined {
  const words = command.replaceAll(/["']/g, "").split(/\s+/);
  for (const [index, word] of words.entries()) {
    const [typed = "", joined] = word.split("/");
    const kind = kinds[typed.toLowerCase()];
    const name = joined ?? words[index + 1] ?? "";
    if (kind !== undefined && index > 1)
      return name === "" || name.startsWith("-") ? undefined : { kind, name };
  }
  return undefined;
}
