import { type Edit, secret, text } from "../test-check.ts";

/** A key more of the workspace's Secret. */
export const secretField = (line: string, file = secret): Edit =>
  text(file, "        COPILOT_AUTH_JSON:", `        ${line}\n        COPILOT_AUTH_JSON:`);
