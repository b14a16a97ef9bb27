import type { Rule } from "../../rule.ts";
import { anotherNodeRules } from "./another-node.ts";
import { anyNodeRules } from "./any-node.ts";
import { claimFormRules } from "./claim-forms.ts";
import { databaseFileRules } from "./database-files.ts";
import { keptDataRules } from "./kept-data.ts";
import { mountPointRules } from "./mount-points.ts";
import { mountRules } from "./mounts.ts";
import { onePodRules } from "./one-pod.ts";
import { otherPodRules } from "./other-pods.ts";
import { scratchRules } from "./scratch.ts";
import { sharedBlockRules } from "./shared-block.ts";
import { subPathRules } from "./sub-paths.ts";
import { writableRules } from "./writable.ts";

/** What is kept, on which volume, for which one pod. */
export const rulesOfStorage: readonly Rule[] = [
  ...onePodRules,
  ...claimFormRules,
  ...keptDataRules,
  ...anyNodeRules,
  ...sharedBlockRules,
  ...mountRules,
  ...writableRules,
  ...scratchRules,
  ...anotherNodeRules,
  ...subPathRules,
  ...mountPointRules,
  ...databaseFileRules,
  ...otherPodRules,
];
