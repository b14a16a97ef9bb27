import type { Fault } from "../finding.ts";
import { eachWorkspace, type Inspected, type InspectedWorkspace } from "../inspected.ts";
import { key } from "../place.ts";
import { rule } from "../rule.ts";

const ofKubernetes = /^(default|kube-.*|flux-system)$/;

/** Flux applies nothing of a Kustomization into a namespace that is not there. */
function missing({ facts, object, at }: InspectedWorkspace, { of, home }: Inspected): Fault[] {
  const namespaces = of("Namespace").map((one) => one.object.metadata.name);
  const { namespace, name } = facts;
  // A home that makes none makes them by other means.
  if (namespaces.length === 0 || ofKubernetes.test(namespace) || namespaces.includes(namespace)) return [];
  const written = home.tree.objects("Namespace").find(({ object: one }) => one.metadata?.name === namespace);
  return [
    {
      message: `${name} is to be in namespace ${namespace}, which nobody makes: Flux applies nothing of Kustomization ${object.owner.name}`,
      remedy: written
        ? `list ${written.path.split("/").at(-1)} in the kustomization.yaml beside it`
        : `write a namespace.yaml for ${namespace}, or name one of ${namespaces.join(", ")}`,
      ...(written ? { file: written.path, line: 1 } : at(key("namespace"))),
    },
  ];
}

interface Metadata {
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
}

/** Movers that are root, in a namespace whose pods must not be. */
function refusedMovers(
  { facts: { namespace, backup } }: InspectedWorkspace,
  { of, placeOf }: Inspected,
): Fault[] {
  const one = of("Namespace").find(({ object }) => object.metadata.name === namespace);
  const { annotations = {}, labels = {} } = (one?.object.metadata ?? {}) as Metadata;
  const isRoot = String(annotations["volsync.backube/privileged-movers"]).toLowerCase() === "true";
  const isRestricted = labels["pod-security.kubernetes.io/enforce"] === "restricted";
  if (!one || !backup || !isRoot || !isRestricted) return [];
  return [
    {
      message: `namespace ${namespace} takes restricted pods only, and lets VolSync's movers be root: they are refused, and nothing is backed up`,
      remedy: "let pod-security.kubernetes.io/enforce be baseline",
      ...placeOf(one, "pod-security.kubernetes.io/enforce"),
    },
  ];
}

/** A label or annotation that YAML takes for a truth or a number. */
function otherTexts({ all, isOurs, placeOf }: Inspected): Fault[] {
  return all
    .filter(({ owner, by }) => isOurs(owner) && !by.release)
    .flatMap((one) => {
      const { annotations = {}, labels = {} } = one.object.metadata as Metadata;
      return Object.entries({ ...annotations, ...labels })
        .filter(([, value]) => value !== null && typeof value !== "string")
        .map(([name, value]) => ({
          message: `the API server refuses ${one.object.kind} ${one.object.metadata.name}: ${name} is ${value}, and no text`,
          remedy: `write ${name}: "${value}"`,
          ...placeOf(one, key(name)),
        }));
    });
}

export const namespaceRules = [
  rule({
    id: "namespace-missing",
    title: "the namespace of each workspace is made",
    pitfalls: [5],
    isBlocker: true,
    find: eachWorkspace(missing),
  }),
  rule({
    id: "movers-refused",
    title: "the namespace takes VolSync's movers",
    find: eachWorkspace(refusedMovers),
  }),
  rule({ id: "not-text", title: "labels and annotations are texts", isBlocker: true, find: otherTexts }),
];
