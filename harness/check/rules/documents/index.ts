import type { Rule } from "../../rule.ts";
import { documentReachRules } from "./document-reach.ts";
import { documentStepRules } from "./document-steps.ts";
import { documentWaitRules } from "./document-waits.ts";
import { documentWorkloadRules } from "./document-workloads.ts";
import { documentRules } from "./documents.ts";
import { loginDocumentRules } from "./login-document.ts";
import { promisedTimeRules } from "./promised-times.ts";
import { seedLeakRules } from "./seed-leaks.ts";
import { seedScriptRules } from "./seed-script.ts";
import { seedStepRules } from "./seed-steps.ts";
import { seedTargetRules } from "./seed-target.ts";

/** Commands that documents and scripts give to the owner. */
export const rulesOfDocuments: readonly Rule[] = [
  ...seedScriptRules,
  ...seedTargetRules,
  ...documentRules,
  ...documentStepRules,
  ...promisedTimeRules,
  ...loginDocumentRules,
  ...documentReachRules,
  ...documentWaitRules,
  ...seedStepRules,
  ...documentWorkloadRules,
  ...seedLeakRules,
];
