import type { Fault, RuleHead } from "./finding.ts";
import type { Inspected } from "./reading/inspected.ts";

export interface Rule extends RuleHead {
  find(inspected: Inspected): Fault[] | Promise<Fault[]>;
}

interface Written {
  id: string;
  title: string;
  /** None if not given. */
  pitfalls?: readonly number[];
  severity?: RuleHead["severity"];
  isBlocker?: boolean;
  find: Rule["find"];
}

/** A rule; an error that blocks nothing, of no pitfall, if nothing else is said. */
export function rule(written: Written): Rule {
  return { pitfalls: [], severity: "error", isBlocker: false, ...written };
}
