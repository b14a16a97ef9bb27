/** The tree's documents for what goes wrong, and the terminal in which they are carried out as they stand. */
export { lostVolumeDocument as forLostVolume } from "../backup/index.ts";
export { loginDocument as forExpiredLogin } from "../copilot/index.ts";
export { recoveryDocument as forLostNode } from "../nodes/index.ts";
export { OperatorShell } from "../operator/index.ts";
