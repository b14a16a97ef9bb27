export { rules } from "./all-rules.ts";
export { type CheckResult, checkTree } from "./check-tree.ts";
export { blockers, type Fault, type Finding, type Severity } from "./finding.ts";
export { annotations } from "./output/annotations.ts";
export { checkJson } from "./output/json.ts";
export { paragraphs } from "./output/paragraphs.ts";
export { sarif } from "./output/sarif.ts";
export { checkText } from "./output/text.ts";
export type { PitfallVerdict } from "./pitfalls.ts";
