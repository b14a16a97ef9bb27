import { closest } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { eachWorkspace, type Inspected, type InspectedWorkspace, titleOf } from "../../reading/inspected.ts";
import { key, type Place } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** Every cluster has them. */
const given = new Set(["default", "kube-system", "kube-public", "flux-system"]);

/** Of a home that makes its namespaces in Git. Another one may have them from elsewhere. */
function missingNamespaces(inspected: Inspected): Fault[] {
  const { home, of, workspaces } = inspected;
  const made = of("Namespace").map(({ object }) => object.metadata.name);
  if (made.length === 0) return [];
  return workspaces
    .filter(
      ({ facts: { namespace } }) => namespace !== "" && !made.includes(namespace) && !given.has(namespace),
    )
    .map((workspace) => {
      const { name, namespace, kustomization } = workspace.facts;
      const file = home.tree
        .objects("Namespace")
        .find(({ object }) => object.metadata?.name === namespace)?.path;
      const guess = closest(namespace, made);
      return {
        message: `${name} is to run in namespace ${namespace}, which nobody makes: Flux applies nothing into it`,
        remedy: file
          ? `list ${file} in the resources of the kustomization.yaml that leads there`
          : `add a Namespace ${namespace}${guess === undefined ? "" : `, or did you mean ${guess}?`}`,
        ...placeOfNamespace(inspected, workspace, kustomization.name),
      };
    });
}

function placeOfNamespace(inspected: Inspected, { facts, at }: InspectedWorkspace, flux: string): Place {
  const own = inspected.of("Kustomization").find(({ object }) => object.metadata.name === flux);
  const { targetNamespace } = (own?.object.spec ?? {}) as { targetNamespace?: string };
  if (own && targetNamespace === facts.namespace) return inspected.placeOf(own, key("targetNamespace"));
  return at(/^\s*namespace:/);
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
          message: `the API server refuses ${titleOf(one)}: ${name} is ${value}, and no text`,
          remedy: `write ${name}: "${value}"`,
          ...placeOf(one, key(name)),
        }));
    });
}

export const namespaceRules = [
  rule({
    id: "namespace-missing",
    title: "somebody makes each workspace's namespace",
    pitfalls: [5],
    isBlocker: true,
    find: missingNamespaces,
  }),
  rule({
    id: "movers-refused",
    title: "the namespace takes VolSync's movers",
    find: eachWorkspace(refusedMovers),
  }),
  rule({ id: "not-text", title: "labels and annotations are texts", isBlocker: true, find: otherTexts }),
];
