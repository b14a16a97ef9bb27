import type { Scenario } from "./scenario.ts";

/** Scenarios that run side by side on one world. */
export interface Round<T extends Scenario = Scenario> {
  scenarios: T[];
  /** The world must be as new: what earlier rounds have left in it would make the scenario prove nothing. */
  needsNewWorld: boolean;
}

/**
 * The fewest rounds in which these scenarios may share a world: those that want it new come first, each alone; the
 * gentle ones together, so that their holds overlap, with those that are gentle at first; then the others, each alone, in the
 * order given.
 */
export function roundsOf<T extends Scenario>(scenarios: readonly T[]): Round<T>[] {
  const first = scenarios.filter(({ world }) => world?.isFirst);
  const later = scenarios.filter(({ world }) => !world?.isFirst);
  const { gentle = [], others = [] } = Object.groupBy(later, (one) => (isGentle(one) ? "gentle" : "others"));
  return [
    ...first.map((scenario) => ({ scenarios: [scenario], needsNewWorld: true })),
    ...(gentle.length > 0 ? [{ scenarios: gentle, needsNewWorld: false }] : []),
    ...others.map((scenario) => ({ scenarios: [scenario], needsNewWorld: false })),
  ];
}

const isGentle = ({ world }: Scenario): boolean =>
  world?.isGentle === true || world?.gentleUntil !== undefined;
