export { attachmentHistory, expectAttachedOnlyTo } from "./attachment.ts";
export { flushToDisk } from "./flush.ts";
export { expectMountedOnlyOn } from "./mounted-volume.ts";
export { expectOnePod, untilWantedTwice } from "./one-pod.ts";
export { cutPower } from "./power-cut.ts";
export { expectSound } from "./sound-volume.ts";
