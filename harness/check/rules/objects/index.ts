import type { Rule } from "../../rule.ts";
import { bindingRules } from "./bindings.ts";
import { imageNameRules } from "./image-names.ts";
import { podNameRules } from "./pod-names.ts";
import { podSecurityRules } from "./pod-security.ts";
import { quotaRules } from "./quotas.ts";
import { referenceRules } from "./references.ts";
import { refusedRules } from "./refused.ts";
import { refusedValueRules } from "./refused-values.ts";
import { rightRules } from "./rights.ts";
import { schemaRules } from "./schemas.ts";

/** What the API server and the kubelet refuse. */
export const rulesOfObjects: readonly Rule[] = [
  ...schemaRules,
  ...referenceRules,
  ...refusedRules,
  ...refusedValueRules,
  ...podNameRules,
  ...rightRules,
  ...imageNameRules,
  ...podSecurityRules,
  ...quotaRules,
  ...bindingRules,
];
