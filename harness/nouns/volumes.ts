/** A workspace's volumes: whose they are, where they are mounted, and whether they are sound. */
export { loseVolume as lose } from "../backup/index.ts";
export {
  expectAttachedOnlyTo,
  expectMountedOnlyOn,
  expectOnePod,
  expectSound,
  flushToDisk,
  untilWantedTwice,
} from "../volumes/index.ts";
export { expectSameVolumes as expectSame, readVolumes as read } from "../workspace/index.ts";
