import { isDeepStrictEqual } from "node:util";
import type { ChangedObject, KubeObject, RenderedTree } from "../rendering/index.ts";

/*
 * A tree that was edited is published over workspaces that run only where nothing that they have left behind (a volume, a
 * Secret, a clone) hides what the edit does.
 */

/** Kinds whose change shows in what runs, whatever was there before. */
const shownAtOnce =
  /^(Deployment|StatefulSet|HelmRelease|OCIRepository|Service|HTTPRoute|\w+Policy|PodDisruptionBudget)$/;

/** Fields of a pod whose first run leaves traces: clones, logins, files. */
const leavesTraces = ["initContainers", "volumes"] as const;

/** Why the edit must be looked at from nothing; undefined where it may be published over what runs. */
export function whyFromNothing(
  changes: readonly ChangedObject[],
  after: Pick<RenderedTree, "releases">,
): string | undefined {
  const rendered = new Set(after.releases.filter(({ isRendered }) => isRendered).map(keyOf));
  for (const change of changes) {
    const why = whyHidden(change, rendered);
    if (why !== undefined) return `${nameOf(change)} ${why}`;
  }
  return undefined;
}

const keyOf = ({ namespace, name }: { namespace?: string | undefined; name: string }) =>
  `${namespace}/${name}`;
const nameOf = (change: ChangedObject) =>
  `${change.kind} ${change.namespace === undefined ? change.name : keyOf(change)}`;

function whyHidden(change: ChangedObject, rendered: ReadonlySet<string>): string | undefined {
  const { kind, before, after } = change;
  if (!after) return "is gone";
  if (!before) return "is new";
  if (!shownAtOnce.test(kind)) return "has changed, and what it was before would hide that";
  if (kind === "HelmRelease" && !rendered.has(keyOf(change)))
    return "has changed, and nobody knows what it makes";
  const [old, young] = [podOf(before), podOf(after)];
  const traces = leavesTraces.find((field) => !isDeepStrictEqual(old[field], young[field]));
  if (traces !== undefined) return `has other ${traces === "volumes" ? "volumes" : "init containers"}`;
  return isDeepStrictEqual(claimsOf(before), claimsOf(after)) ? undefined : "has other claims";
}

interface WorkloadSpec {
  volumeClaimTemplates?: unknown;
  template?: { spec?: Record<(typeof leavesTraces)[number], unknown> };
}

const specOf = ({ spec }: KubeObject) => (spec ?? {}) as WorkloadSpec;
const podOf = (object: KubeObject) =>
  (specOf(object).template?.spec ?? {}) as Partial<Record<(typeof leavesTraces)[number], unknown>>;
const claimsOf = (object: KubeObject) => specOf(object).volumeClaimTemplates;
