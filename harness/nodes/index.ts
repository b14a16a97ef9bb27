export { drain, uncordon, uncordoned } from "./drain.ts";
export { type Drained, drainUnderWork } from "./drain-under-work.ts";
export { type LostNode, loseNode, nodeOf } from "./lost-node.ts";
export { expectLetGo } from "./move.ts";
export { partsInWords, partsOf } from "./move-parts.ts";
export { recoverBy } from "./recovery.ts";
export { recoveryDocument } from "./recovery-document.ts";
export { broughtBack, returnBy } from "./returned-node.ts";
export { untilStuck } from "./stuck-workspace.ts";
