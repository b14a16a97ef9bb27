import { keepComment } from "./keep-comment.ts";

/**
 * `node harness/ci/comment.ts [difference]`: keeps one comment on the pull request PULL_REQUEST up to date with COMMENT; that on
 * what the change does is apart, and begins only where there was something to compare (ENDED is not `skipped`). Needs a
 * GITHUB_TOKEN that may write to pull requests; without that right it says so and is content. Runs without npm packages.
 */
const { env } = process;
const about = process.argv[2] === "difference" ? "difference" : "scenarios";
const run = `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`;
const outcome = await keepComment({
  api: env.GITHUB_API_URL ?? "https://api.github.com",
  token: env.GITHUB_TOKEN ?? "",
  repository: env.GITHUB_REPOSITORY ?? "",
  pullRequest: Number(env.PULL_REQUEST),
  about,
  isOnlyRenewed: about === "difference" && env.ENDED === "skipped",
  text: `${env.COMMENT || "## ⚠️ The scenarios left no summary"}\n\n[The run, its summary and evidence](${run})`,
});
console.log(
  outcome === "forbidden" ? "::warning::The token may not write to pull requests: no comment." : outcome,
);
