import type { Rule } from "./rule.ts";
import { rulesOfBackup } from "./rules/backup/index.ts";
import { rulesOfClone } from "./rules/clone/index.ts";
import { rulesOfDocuments } from "./rules/documents/index.ts";
import { rulesOfFlux } from "./rules/flux/index.ts";
import { rulesOfGateway } from "./rules/gateway/index.ts";
import { rulesOfLogin } from "./rules/login/index.ts";
import { rulesOfObjects } from "./rules/objects/index.ts";
import { livingObjectRules } from "./rules/objects/living-objects.ts";
import { rulesOfPods } from "./rules/pods/index.ts";
import { rulesOfScripts } from "./rules/scripts/index.ts";
import { rulesOfSecrets } from "./rules/secrets/index.ts";
import { rulesOfStorage } from "./rules/storage/index.ts";
import { livingUserRules } from "./rules/storage/living-users.ts";
import { livingVolumeRules } from "./rules/storage/living-volumes.ts";

/** What is asked of a tree beside its base; of a tree alone they say nothing. */
export const livingRules: readonly Rule[] = [...livingObjectRules, ...livingVolumeRules, ...livingUserRules];

/** Everything that is looked for, a folder for each subject. */
export const rules: readonly Rule[] = [
  ...rulesOfFlux,
  ...rulesOfObjects,
  ...rulesOfSecrets,
  ...rulesOfStorage,
  ...rulesOfPods,
  ...rulesOfClone,
  ...rulesOfLogin,
  ...rulesOfScripts,
  ...rulesOfGateway,
  ...rulesOfBackup,
  ...rulesOfDocuments,
  ...livingRules,
];
