/** What `npm run doctor` says of one thing that a scenario needs, or is quicker with. */
export interface Check {
  name: string;
  /** `absent`: not there, and a scenario can run without. */
  state: "ok" | "absent" | "missing";
  found: string;
  remedy?: string;
}
