import type { Concern, Touch } from "./concerns.ts";

/** Which changes of the manifests can turn a scenario's verdict, each with the reason. */
export type TouchedBy = Partial<Record<Concern, string>>;

interface Touchable {
  name: string;
  /** If not given, every change can. */
  touchedBy?: TouchedBy;
}

/** A scenario whose verdict a change can turn. */
export interface TouchedScenario {
  name: string;
  why: Reason[];
}

export interface Reason {
  /** What has changed. */
  what: string;
  /** What that is to the scenario. */
  because: string;
}

/** The scenarios that what has changed can touch, in their order. */
export function touchedScenarios(
  scenarios: readonly Touchable[],
  touches: readonly Touch[],
): TouchedScenario[] {
  return scenarios
    .map(({ name, touchedBy }) => ({ name, why: touches.flatMap((touch) => reason(touchedBy, touch)) }))
    .filter(({ why }) => why.length > 0);
}

function reason(touchedBy: TouchedBy | undefined, { what, concern }: Touch): Reason[] {
  if (touchedBy === undefined) return [{ what, because: "the scenario does not say what can touch it" }];
  if (concern === undefined) return [{ what, because: "nobody has said what this kind is about" }];
  const because = touchedBy[concern];
  return because === undefined ? [] : [{ what, because }];
}
