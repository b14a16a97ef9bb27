import type { Finding } from "./finding.ts";
import type { Ground } from "./ground.ts";

/** One round of the plan: plain, so that it can be printed, and is the same wherever its seed is. */
export interface Round {
  /** From 1. */
  number: number;
  /** Name of its kind. */
  kind: string;
  /** Which of the kind's acts. */
  act: string;
  /** When that happens: milliseconds after the command was started. */
  atMs: number;
}

/** A kind of bad luck. */
export interface Kind {
  name: string;
  /** What happens, in a sentence. */
  title: string;
  /** One of them is drawn for each round. */
  acts: readonly string[];
  /** The act happens at a moment before that. */
  withinMs: number;
  /** Takes minutes, and 6 GiB of memory. */
  needsCluster?: true;
  /** Why it cannot be done on this machine; undefined where it can. */
  whyNot?(ground: Ground): Promise<string | undefined>;
  /** Does it, runs the next command, and tells what is not as it must be. Clears away what is its own. */
  play(round: Round, ground: Ground): Promise<Finding[]>;
}
