export { expectAttachedOnlyTo } from "./attachment.ts";
export { type CommandBlock, commandBlocks } from "./command-blocks.ts";
export { drain, uncordon, uncordoned } from "./drain.ts";
export { type Drained, drainUnderWork } from "./drain-under-work.ts";
export {
  type Clone,
  expectToldWhy,
  failClones,
  holdClones,
  leftWorking,
  takeCloneAway,
} from "./failing-clone.ts";
export { flushToDisk } from "./flush.ts";
export { expectWholeClone, interruptClone } from "./interrupted-clone.ts";
export { type LostNode, loseNode, nodeOf } from "./lost-node.ts";
export { expectMountedOnlyOn } from "./mounted-volume.ts";
export { expectLetGo } from "./move.ts";
export { partsOf, told } from "./move-parts.ts";
export { expectOnePod, untilWantedTwice } from "./one-pod.ts";
export { type OperatorMachine, startOperatorMachine } from "./operator-machine.ts";
export { OperatorShell, type ShellContext } from "./operator-shell.ts";
export { recoverBy } from "./recovery.ts";
export { recoveryDocument } from "./recovery-document.ts";
export { broughtBack, returnBy } from "./returned-node.ts";
export { type Generations, loginKey, nextValues, rotate, untilSecretsHold } from "./rotation.ts";
export { seedLogins, seedScript } from "./seed-login.ts";
export { expectSound } from "./sound-volume.ts";
export { untilStuck } from "./stuck-workspace.ts";
export { annotatePods } from "./upgrade.ts";
