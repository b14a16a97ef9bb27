export { type Clone, takeCloneAway } from "./clone.ts";
export { failClones } from "./failing-clones.ts";
export { holdClones, interruptHeld, leftWorking } from "./held-clones.ts";
export { expectWholeClone, interruptClone } from "./interrupted-clone.ts";
export { expectToldWhy } from "./told-why.ts";
