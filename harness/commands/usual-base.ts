import { HarnessError } from "../base/index.ts";

/** What a change is to be merged into, as GitHub and GitLab tell it. */
export function usualBase({
  GITHUB_BASE_REF,
  CI_MERGE_REQUEST_DIFF_BASE_SHA,
}: NodeJS.ProcessEnv): string | undefined {
  if (GITHUB_BASE_REF) return `origin/${GITHUB_BASE_REF}`;
  return CI_MERGE_REQUEST_DIFF_BASE_SHA || undefined;
}

/** @throws HarnessError `usage` where nobody says */
export function requireUsualBase(env: NodeJS.ProcessEnv): string {
  const base = usualBase(env);
  if (base !== undefined) return base;
  throw new HarnessError("there is nothing to compare with: --base is not given", {
    code: "usage",
    remedy: "name a commit, branch or tag: --base main",
  });
}
