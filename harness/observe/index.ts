export { collectEvidence } from "./evidence.ts";
