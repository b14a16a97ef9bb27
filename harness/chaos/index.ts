export { allKinds } from "./all-kinds.ts";
export { kindsNamed, planRounds } from "./plan.ts";
export { type Outcome, playRounds, titleOf } from "./play-rounds.ts";
export type { Finding, Kind, Round } from "./round.ts";
