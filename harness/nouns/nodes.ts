/** A node is drained, or loses its power, and takes pods again. */
export {
  broughtBack,
  type Drained,
  drainUnderWork,
  type LostNode,
  loseNode as lose,
  nodeOf as of,
  recoverBy,
  returnBy,
  uncordon,
  uncordoned,
  untilStuck,
} from "../nodes/index.ts";
