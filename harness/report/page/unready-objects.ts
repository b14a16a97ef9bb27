import { z } from "zod";
import { yamlObjects } from "./yaml-objects.ts";

/** An object whose controller says that something is not as it should be. */
export interface UnreadyObject {
  /** `HelmRelease opencode/opencode-flux` */
  name: string;
  troubles: string[];
  /** ISO 8601: since when, if the object says so. */
  since?: string | undefined;
}

const condition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
  lastTransitionTime: z.string().optional(),
});
const object = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ namespace: z.string().optional(), name: z.string() }),
  status: z.looseObject({ phase: z.string().optional() }).optional(),
});

/** Conditions that are True where all is well; others (Reconciling, Stalled) only explain one of these. */
const wanted = new Set(["Ready", "Accepted", "ResolvedRefs", "Programmed", "Available"]);

/** From objects as the evidence stores them, one file for each kind; pods are told apart. */
export function unreadyObjects(yaml: string): UnreadyObject[] {
  const objects = yamlObjects(yaml, object);
  return objects.flatMap(({ kind, metadata: { namespace, name }, status = {} }) => {
    const unbound =
      kind === "PersistentVolumeClaim" && status.phase !== "Bound" ? [`is ${status.phase}`] : [];
    const bad = conditionsIn(status).filter((one) => wanted.has(one.type) && one.status !== "True");
    const troubles = [...unbound, ...bad.map(troubleOf)];
    const full = `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
    // The youngest counts: what changed last may be what is looked for.
    const since = bad.flatMap(({ lastTransitionTime }) => lastTransitionTime ?? []).sort();
    return troubles.length === 0
      ? []
      : [{ name: full, troubles: [...new Set(troubles)], since: since.at(-1) }];
  });
}

function troubleOf({ type, status, reason, message }: z.infer<typeof condition>): string {
  const why = [reason, message].filter((part) => part !== undefined && part !== "").join(": ");
  return `${type} is ${status}${why === "" ? "" : `: ${why}`}`;
}

/** Wherever they are: those of a route are below each of its parents. */
function conditionsIn(value: unknown): z.infer<typeof condition>[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key !== "conditions") return conditionsIn(inner);
    return z.array(condition).safeParse(inner).data ?? [];
  });
}
