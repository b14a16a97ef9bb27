/** What one workspace must not have of another, and must not feel of it. */
export {
  breakByCommit,
  drainAway,
  eatMemory,
  expectNothingShared,
  expectOwnPassword,
  expectOwnSessions,
  fillVolume,
  type Neighbours,
  suspended,
  untilTheyTake,
  watchNeighbours as watch,
} from "../neighbours/index.ts";
