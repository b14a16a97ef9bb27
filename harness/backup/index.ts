export { whileItWrites } from "./busy-workspace.ts";
export { expectBackedUp, newestBackup } from "./expect-backed-up.ts";
export { expectRestored } from "./expect-restored.ts";
export type { Listing } from "./listing.ts";
export { type LostVolume, loseVolume } from "./lost-volume.ts";
export { lostVolumeDocument } from "./lost-volume-document.ts";
export { expectOwnRepositories } from "./own-repository.ts";
export { restoreBy } from "./restore.ts";
export { takeBackup } from "./take-backup.ts";
