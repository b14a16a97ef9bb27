import type { Rule } from "../../rule.ts";
import { loginOrderRules } from "./login-order.ts";
import { loginStepRules } from "./login-steps.ts";
import { loginRules } from "./logins.ts";

/** How the login reaches OpenCode, and stays what OpenCode has made of it. */
export const rulesOfLogin: readonly Rule[] = [...loginRules, ...loginStepRules, ...loginOrderRules];
