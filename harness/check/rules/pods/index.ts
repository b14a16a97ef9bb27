import type { Rule } from "../../rule.ts";
import { evictionRules } from "./evictions.ts";
import { hardeningRules } from "./hardening.ts";
import { lateAnswerRules } from "./late-answers.ts";
import { ledAstrayRules } from "./led-astray.ts";
import { podLifeRules } from "./pod-lives.ts";
import { podRules } from "./pods.ts";
import { probeAnswerRules } from "./probe-answers.ts";
import { probeRules } from "./probes.ts";
import { resourceRules } from "./resources.ts";
import { scalingRules } from "./scaling.ts";
import { settingsRules } from "./settings.ts";
import { terminalRules } from "./terminals.ts";
import { userRules } from "./users.ts";

/** How pods start, answer, are limited, and end. */
export const rulesOfPods: readonly Rule[] = [
  ...evictionRules,
  ...podRules,
  ...probeRules,
  ...lateAnswerRules,
  ...userRules,
  ...resourceRules,
  ...podLifeRules,
  ...settingsRules,
  ...terminalRules,
  ...probeAnswerRules,
  ...scalingRules,
  ...hardeningRules,
  ...ledAstrayRules,
];
