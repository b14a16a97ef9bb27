import type { Rule } from "../../rule.ts";
import { commandRules } from "./commands.ts";
import { directoryRules } from "./directories.ts";
import { downloadRules } from "./downloads.ts";
import { firstStartRules } from "./first-start.ts";
import { hookRules } from "./hooks.ts";
import { namedFileRules } from "./named-files.ts";
import { needsRootRules } from "./needs-root.ts";
import { scriptSecretRules } from "./script-secrets.ts";
import { scriptSlipRules } from "./script-slips.ts";
import { scriptSyntaxRules } from "./script-syntax.ts";
import { tooLongRules } from "./too-long.ts";
import { toolRules } from "./tools.ts";

/** Scripts of containers: that they can be read, run and end, and show no secret. */
export const rulesOfScripts: readonly Rule[] = [
  ...scriptSecretRules,
  ...directoryRules,
  ...commandRules,
  ...namedFileRules,
  ...toolRules,
  ...scriptSyntaxRules,
  ...needsRootRules,
  ...firstStartRules,
  ...scriptSlipRules,
  ...downloadRules,
  ...hookRules,
  ...tooLongRules,
];
