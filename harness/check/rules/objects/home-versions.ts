import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";

/** What a schema has against an object. */
export interface Told {
  one: OwnedObject;
  /** The same for all objects that have the same against them. */
  sign: string;
  /** What the schema is of, with its version. */
  runsHere: string;
  fault: Fault;
}

/** In so many files nobody has slipped. */
const many = 4;

/**
 * The faults, but what many files of other applications have alike once: it is no slip of a hand, the home runs another
 * version. Where OpenCode's own objects have it too, by a patch of the entry for instance, it is for their owner to judge.
 */
export function ofOtherVersions({ leadsToOurs }: Inspected, told: readonly Told[]): Fault[] {
  return [...Map.groupBy(told, ({ sign }) => sign).values()].flatMap((alike) => {
    const others = alike.filter(({ one }) => !leadsToOurs(one.owner));
    const [first] = others;
    const files = new Set(others.map(({ one }) => one.file));
    if (!first || files.size < many) return alike.map(({ fault }) => fault);
    const remedy = `nothing to mend where the home runs another version: what runs here is ${first.runsHere}`;
    const ours = alike.filter((one) => !others.includes(one));
    return [
      ...ours.map(({ fault }): Fault => ({ ...fault, remedy, severity: "warning" })),
      {
        ...first.fault,
        message: `${first.fault.message}, and so do ${others.length - 1} others of its kind`,
        remedy,
        isBlocker: false,
      },
    ];
  });
}
