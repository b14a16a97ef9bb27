import type { Rule } from "../../rule.ts";
import { askedValueRules } from "./asked-values.ts";
import { externalSecretRules } from "./external-secrets.ts";
import { foreignReaderRules } from "./foreign-readers.ts";
import { isolationRules } from "./isolation.ts";
import { leakRules } from "./leaks.ts";
import { literalSecretRules } from "./literal-secrets.ts";
import { reloadRules } from "./reloads.ts";
import { secretCopyRules } from "./secret-copies.ts";
import { secretLifeRules } from "./secret-life.ts";
import { secretRewriteRules } from "./secret-rewrites.ts";
import { secretValueRules } from "./secret-values.ts";
import { sentSecretRules } from "./sent-secrets.ts";
import { settingsSecretRules } from "./settings-secrets.ts";
import { tokenInAppRules } from "./token-in-app.ts";
import { toldSecretRules } from "./told-secrets.ts";

/** Who may hold which secret, where it comes from, and who hears that it has changed. */
export const rulesOfSecrets: readonly Rule[] = [
  ...externalSecretRules,
  ...isolationRules,
  ...tokenInAppRules,
  ...literalSecretRules,
  ...settingsSecretRules,
  ...leakRules,
  ...secretLifeRules,
  ...secretValueRules,
  ...askedValueRules,
  ...reloadRules,
  ...secretRewriteRules,
  ...toldSecretRules,
  ...secretCopyRules,
  ...sentSecretRules,
  ...foreignReaderRules,
];
