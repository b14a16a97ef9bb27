export { breakByCommit, suspended, untilTheyTake } from "./broken-by-commit.ts";
export { drainAway } from "./drained-away.ts";
export { eatMemory } from "./eaten-memory.ts";
export { fillVolume } from "./full-volume.ts";
export { type Neighbours, watchNeighbours } from "./neighbours.ts";
export { expectNothingShared } from "./nothing-shared.ts";
export { expectOwnPassword, expectOwnSessions } from "./own-sessions.ts";
