import type { Rule } from "../../rule.ts";
import { backupCareRules } from "./backup-care.ts";
import { backupKeyRules } from "./backup-keys.ts";
import { backupMoverRules } from "./backup-movers.ts";
import { backupRules } from "./backups.ts";
import { moverRules } from "./movers.ts";
import { restoreRules } from "./restores.ts";

/** What is backed up, and whether it comes back. */
export const rulesOfBackup: readonly Rule[] = [
  ...moverRules,
  ...backupRules,
  ...backupCareRules,
  ...backupKeyRules,
  ...backupMoverRules,
  ...restoreRules,
];
