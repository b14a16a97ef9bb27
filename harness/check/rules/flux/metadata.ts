import type { OwnedObject } from "../../../home/index.ts";
import { isFluxKustomization } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** What Flux itself applies, and a chart does not; of a tree without a workspace that is somebody else's. */
const applied = ({ all, leadsToOurs, concernsUs, workspaces }: Inspected): OwnedObject[] =>
  workspaces.length === 0
    ? []
    : all.filter((one) => !one.by.release && (concernsUs(one) || leadsToOurs(one.owner)));

/**
 * Labels and annotations are texts: `true` and `1` without quotes are none. For an annotation Flux applies nothing of the
 * Kustomization; before it applies labels it adds its own to those that it can read, and of such it can read none.
 */
function notText(inspected: Inspected): Fault[] {
  return applied(inspected).flatMap((one) =>
    (["labels", "annotations"] as const).flatMap((field) => {
      const values: Record<string, unknown> = one.object.metadata[field] ?? {};
      const name = Object.keys(values).find((each) => typeof values[each] !== "string");
      if (name === undefined) return [];
      const isLabel = field === "labels";
      const becomes = isLabel
        ? `Flux takes all labels away from ${titleOf(one)}`
        : `the API server refuses ${titleOf(one)}`;
      // Some of what reads it takes an empty value for an empty text.
      const isMild = values[name] === null || (isLabel && !inspected.concernsUs(one));
      return {
        message: `${becomes}: ${name} of its ${field} is ${values[name] === null ? "empty" : `a ${typeof values[name]}`}, and must be a text`,
        remedy: `write it in quotes: "${values[name] ?? ""}"`,
        ...(isLabel || isMild ? { isBlocker: false } : {}),
        ...(isMild ? { severity: "warning" as const } : {}),
        ...inspected.placeOf(one, key("metadata"), key(field), key(name)),
      };
    }),
  );
}

/** Kinds of Flux's and others' that stand in a namespace, and that a tree has. */
const namespaced =
  /^(Kustomization|HelmRelease|OCIRepository|HelmRepository|GitRepository|ExternalSecret|SecretStore|Certificate|HTTPRoute|Gateway|BackendTrafficPolicy|ClientTrafficPolicy|SecurityPolicy|PersistentVolumeClaim|ReplicationSource|ReplicationDestination|ConfigMap|Secret|Service|ServiceAccount|Deployment|StatefulSet|NetworkPolicy|Role|RoleBinding|PodDisruptionBudget)$/;

/** Flux does as the object says, and no `default` is meant where nothing is said: it applies nothing of the Kustomization. */
function nowhere(inspected: Inspected): Fault[] {
  return applied(inspected).flatMap((one) => {
    const { metadata, kind } = one.object;
    const isPlain = kind !== "Kustomization" || isFluxKustomization(one.object);
    if (metadata.namespace !== undefined || !isPlain || !namespaced.test(kind)) return [];
    return {
      message: `${titleOf(one)} is in no namespace: Flux refuses it ("namespace not specified"), and applies nothing else of Kustomization ${one.owner.name}`,
      remedy: `write metadata.namespace${kind === "Kustomization" ? ": flux-system" : ""}, or targetNamespace in the Kustomization`,
      ...inspected.placeOf(one, key("metadata"), key("name")),
    };
  });
}

/** What an object says of itself, before its spec. */
export const metadataRules = [
  rule({
    id: "metadata-no-text",
    title: "labels and annotations are texts",
    isBlocker: true,
    find: notText,
  }),
  rule({
    id: "namespace-unsaid",
    title: "each object is in a namespace",
    pitfalls: [5],
    isBlocker: true,
    find: nowhere,
  }),
];
