export { allKinds } from "./all-kinds.ts";
export type { Finding } from "./finding.ts";
export { kindsNamed, planRounds } from "./plan.ts";
export { type Outcome, playRounds, titleOf } from "./play-rounds.ts";
export type { Kind, Round } from "./round.ts";
