import type { RunResult } from "./result.ts";

interface Ended {
  /** Missing where the lane's process ended before it could say anything. */
  result: RunResult | undefined;
}

export const hasPassed = ({ result }: Ended): boolean => result?.status === "passed";
export const isInapplicable = ({ result }: Ended): boolean => result?.status === "not applicable";

/** No lane that passed proves nothing; one that is not applicable to the tree neither passes nor fails. */
export const passTogether = (lanes: readonly Ended[]): boolean =>
  lanes.some(hasPassed) && lanes.every((lane) => hasPassed(lane) || isInapplicable(lane));
