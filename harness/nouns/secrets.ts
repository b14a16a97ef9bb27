/** Secrets: where they come from, what befalls Doppler, how they rotate, and the search for those that leaked. */
export { LeakSearch } from "../observe/index.ts";
export {
  befallen,
  expectBackByItself,
  expectOneOwner,
  expectPutRight,
  expectRotated,
  expectToldMissing,
  expectUnharmed,
  renewedLogins,
  rotate,
  seedLogins,
  takeKeyAway,
  untilFetchedAgain,
} from "../secrets/index.ts";
