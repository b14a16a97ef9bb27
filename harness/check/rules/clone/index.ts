import type { Rule } from "../../rule.ts";
import { ageingRules } from "./ageing.ts";
import { cloneMoveRules } from "./clone-moves.ts";
import { clonePlaceRules } from "./clone-place.ts";
import { cloneQuestionRules } from "./clone-question.ts";
import { clonedOnceRules } from "./cloned-once.ts";
import { cloneRules } from "./clones.ts";
import { keptWorkRules } from "./kept-work.ts";
import { secondStartRules } from "./second-start.ts";

/** How a repository is cloned, once, and the work in it is left alone. */
export const rulesOfClone: readonly Rule[] = [
  ...keptWorkRules,
  ...clonedOnceRules,
  ...cloneRules,
  ...secondStartRules,
  ...cloneQuestionRules,
  ...ageingRules,
  ...cloneMoveRules,
  ...clonePlaceRules,
];
