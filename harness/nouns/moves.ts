/** A workspace's move from node to node. */
export { expectLetGo, partsInWords as inWords, partsOf } from "../nodes/index.ts";
