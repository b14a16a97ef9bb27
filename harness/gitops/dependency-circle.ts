import type { Verdict } from "../cluster/index.ts";
import type { FluxObject } from "./flux-state.ts";

/** No object gets ready that waits, by others or at once, for itself; Flux waits for it for ever without a word about it. */
export function withoutCircle<T>(
  until: (objects: FluxObject[]) => Verdict<T>,
): (objects: FluxObject[]) => Verdict<T> {
  return (objects) => {
    const circle = circleIn(objects);
    return circle ? { stuck: `${circle.join(" and ")} wait for each other` } : until(objects);
  };
}

/** The names of the objects, of one kind, that wait for each other; undefined where none do. */
export function circleIn(objects: readonly FluxObject[]): string[] | undefined {
  const waits = new Map(objects.map((object) => [keyOf(object.metadata), dependenciesOf(object)]));
  const reach = (from: string, seen: Set<string>): Set<string> => {
    for (const next of waits.get(from) ?? []) if (!seen.has(next)) reach(next, seen.add(next));
    return seen;
  };
  const ofThemselves = [...waits.keys()].filter((key) => reach(key, new Set()).has(key));
  return ofThemselves.length > 0 ? ofThemselves : undefined;
}

const keyOf = ({ namespace = "", name = "" }: { namespace?: string; name?: string } = {}) =>
  `${namespace}/${name}`;

function dependenciesOf({ spec, metadata }: FluxObject): string[] {
  return (spec?.dependsOn ?? []).map((one) => keyOf({ namespace: metadata?.namespace ?? "", ...one }));
}
