/** How much a finding weighs: an `error` breaks the tree, a `warning` is for its owner to judge. */
export type Severity = "error" | "warning";

/** What a rule sees in one place of the tree. */
export interface Fault {
  /** One sentence that names the object. */
  message: string;
  /** What to do, one sentence. */
  remedy: string;
  /** Relative to the tree, as its home has it. */
  file?: string;
  /** Counted from 1. */
  line?: number;
  /** Where this one weighs otherwise than its rule. */
  severity?: Severity;
  isBlocker?: boolean;
}

/** What is looked for, and what it means. */
export interface RuleHead {
  /** For machines, kebab-case; stays the same. */
  id: string;
  /** What is right where nothing is found. */
  title: string;
  /** Numbers of the pitfalls document. */
  pitfalls: readonly number[];
  severity: Severity;
  /** A cluster run would only wait for what cannot come, fail with words that lead elsewhere, or pass and be no proof. */
  isBlocker: boolean;
}

export interface Finding extends Fault {
  /** Its file is the tree's own, in whose place the home has another. */
  isReplaced?: true;
  id: string;
  pitfalls: readonly number[];
  severity: Severity;
  isBlocker: boolean;
}

/** The findings that make a cluster run pointless: it would end with them, minutes later, or never see them. */
export function blockers(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ isBlocker, severity }) => isBlocker && severity === "error");
}
