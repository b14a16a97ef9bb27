import type { Verdict } from "../cluster/index.ts";

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  observedGeneration?: number;
}

/** What these conditions read of an object of Flux. */
export interface FluxObject {
  kind?: string;
  metadata?: { name?: string; namespace?: string; generation?: number };
  spec?: {
    suspend?: boolean;
    sourceRef?: { name?: string; namespace?: string };
    dependsOn?: { name: string; namespace?: string }[];
  };
  status?: {
    observedGeneration?: number;
    conditions?: Condition[];
    artifact?: { revision?: string; lastUpdateTime?: string };
    lastAppliedRevision?: string;
    lastAttemptedRevision?: string;
  };
}

/** Whether an object of Flux is where it should be; `stuck` where Flux itself has said that it cannot get there. */
export type Judge = (object: FluxObject) => Verdict<FluxObject>;

/** Failures that Flux tries again by itself and that pass when something else is there. */
const passing = new Set([
  "DependencyNotReady",
  "SourceNotReady",
  "Progressing",
  "ProgressingWithRetry",
  // The next attempt follows, or finds what was rolled back to be what Git says again; with no attempt left it stalls.
  "RollbackSucceeded",
]);

/** A GitRepository that serves this revision. */
export function hasRevision(revision: string): Judge {
  return (source) => {
    if (source.status?.artifact?.revision === revision) return { ready: source };
    return (
      stalled(source) ?? {
        waiting: said(source, `has ${source.status?.artifact?.revision ?? "nothing"} yet`),
      }
    );
  };
}

/** A Kustomization that has applied this revision, its health checks included. */
export function hasApplied(revision: string): Judge {
  return (kustomization) => {
    const { lastAppliedRevision, lastAttemptedRevision } = kustomization.status ?? {};
    const ready = condition(kustomization, "Ready");
    const isOfThisSpec = isCurrent(kustomization, ready);
    if (isReady(kustomization) && lastAppliedRevision === revision) {
      return { ready: kustomization };
    }
    // Until it has tried this very revision, and by the spec that came with it, what it says is about an earlier one.
    const isAboutThis =
      isOfThisSpec &&
      (lastAttemptedRevision === revision ||
        condition(kustomization, "Reconciling")?.message?.includes(revision));
    if (isAboutThis && ready?.status === "False" && isFinal(ready)) return { stuck: said(kustomization) };
    return stalled(kustomization) ?? { waiting: said(kustomization) };
  };
}

/** A Kustomization whose objects are applied in this revision, healthy or not yet. */
export function hasObjects(revision: string): Judge {
  return (kustomization) => {
    if ("ready" in hasApplied(revision)(kustomization)) return { ready: kustomization };
    const { message = "" } = condition(kustomization, "Healthy") ?? {};
    const isChecked = condition(kustomization, "Healthy")?.status === "Unknown" && message.includes(revision);
    return isChecked ? { ready: kustomization } : { waiting: said(kustomization) };
  };
}

/** A HelmRelease whose last spec is installed. */
export const isReleased: Judge = (release) => {
  const ready = condition(release, "Ready");
  if (isReady(release)) return { ready: release };
  if (!isCurrent(release, ready)) return { waiting: said(release, "has not been looked at") };
  if (ready?.status === "False" && isFinal(ready)) return { stuck: said(release) };
  return stalled(release) ?? { waiting: said(release) };
};

/** An OCIRepository with its artifact. The registry's own error codes tell a missing tag from a missing registry. */
export const isFetched: Judge = (source) => {
  const ready = condition(source, "Ready");
  if (isReady(source)) return { ready: source };
  if (
    isCurrent(source, ready) &&
    ready?.status === "False" &&
    /MANIFEST_UNKNOWN|NAME_UNKNOWN/.test(ready.message ?? "")
  ) {
    return { stuck: said(source) };
  }
  return stalled(source) ?? { waiting: said(source) };
};

/** All of these names are there and ready; the first that is stuck ends it. */
export function allOf(
  names: readonly { namespace: string; name: string }[],
  judge: Judge,
): (objects: FluxObject[]) => Verdict<FluxObject[]> {
  return (objects) =>
    combined(
      names.map(({ namespace, name }) => {
        const found = objects.find(
          ({ metadata }) => metadata?.name === name && metadata.namespace === namespace,
        );
        return found ? judge(found) : { waiting: `${name} is not there` };
      }),
    );
}

/**
 * Once all that the tree brings is there, a dependency that is not found never comes. The words are those of Flux 2.7's
 * kustomize-controller and helm-controller.
 */
export function withDependencies(judge: Judge): Judge {
  return (object) => {
    const { reason, message = "" } = condition(object, "Ready") ?? {};
    const isMissing =
      reason === "DependencyNotReady" &&
      /dependency '[^']+' not found|unable to get '[^']+' dependency/.test(message);
    return isMissing ? { stuck: said(object) } : judge(object);
  };
}

/** Every object that is there is ready. */
export function every(judge: Judge): (objects: FluxObject[]) => Verdict<FluxObject[]> {
  return (objects) => combined(objects.map(judge));
}

function combined(verdicts: Verdict<FluxObject>[]): Verdict<FluxObject[]> {
  const stuck = verdicts.find((verdict) => "stuck" in verdict);
  if (stuck) return stuck;
  const waiting = verdicts.flatMap((verdict) => ("waiting" in verdict ? [verdict.waiting] : []));
  if (waiting.length > 0) return { waiting: waiting.join("; ") };
  return { ready: verdicts.flatMap((verdict) => ("ready" in verdict ? [verdict.ready] : [])) };
}

/** Takes no notice of what an object said of itself before `time`: that is about an earlier revision. */
export function saidSince(time: string, judge: Judge): Judge {
  return (object) => {
    const verdict = judge(object);
    const at = condition(object, "Ready")?.lastTransitionTime ?? "";
    return "stuck" in verdict && Date.parse(at) < Date.parse(time) ? { waiting: verdict.stuck } : verdict;
  };
}

/** One line about an object of Flux, with Flux's own reason and message. */
export function said(object: FluxObject, otherwise = "has said nothing yet"): string {
  const { kind = "object", metadata } = object;
  const name = `${kind} ${metadata?.namespace ? `${metadata.namespace}/` : ""}${metadata?.name}`;
  const ready = condition(object, "Ready");
  return ready ? `${name}: ${ready.reason}: ${ready.message}` : `${name} ${otherwise}`;
}

function condition({ status }: FluxObject, type: string): Condition | undefined {
  return status?.conditions?.find((candidate) => candidate.type === type);
}

/**
 * Ready, by its spec as it is. A controller at work on the spec before this one writes what came of that down as of this one:
 * it takes the generation of a condition from the object as it is then, and only that of the status from what it has read
 * (seen with Flux 2.7).
 */
function isReady(object: FluxObject): boolean {
  const { metadata, status } = object;
  const ready = condition(object, "Ready");
  return (
    ready?.status === "True" &&
    isCurrent(object, ready) &&
    status?.observedGeneration === metadata?.generation
  );
}

/** A controller that tries again after a failure leaves the object's own observedGeneration behind. */
function isCurrent({ metadata, status }: FluxObject, about: Condition | undefined): boolean {
  const observed = about?.observedGeneration ?? status?.observedGeneration;
  return observed !== undefined && observed === metadata?.generation;
}

function stalled(object: FluxObject): { stuck: string } | undefined {
  const found = condition(object, "Stalled");
  return isCurrent(object, found) && found?.status === "True" ? { stuck: said(object) } : undefined;
}

/** An artifact that cannot be fetched comes by itself, but for a path that the revision does not have. */
function isFinal({ reason = "", message = "" }: Condition): boolean {
  if (reason === "ArtifactFailed") return message.startsWith("kustomization path not found");
  return !passing.has(reason);
}
