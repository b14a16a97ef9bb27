/** A workspace's clone of its repository: interrupted, failing, whole, and how often it was asked for. */
export {
  type Clone,
  expectToldWhy,
  expectWholeClone as expectWhole,
  failClones as fail,
  holdClones as hold,
  interruptClone as interrupt,
  interruptHeld,
  leftWorking,
  takeCloneAway as takeAway,
} from "../clones/index.ts";
export {
  expectNoClone as expectNone,
  expectOneClone as expectOne,
  expectWholeHistory,
  repositoryOf,
} from "../workspace/index.ts";
