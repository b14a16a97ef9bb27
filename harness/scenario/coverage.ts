/** What a scenario says it proves. */
export interface Coverage {
  /** Numbers of the pitfalls document. */
  pitfalls: number[];
  /** Lines of the "looks done but isn't" checklist. */
  checklist?: string[];
  /** Acceptance criteria. */
  acceptance?: string[];
  /** Names in systems.ts: those of which it says something that no other part of the world could make true. */
  systems?: string[];
}
