import { randomBytes } from "node:crypto";
import { appendFile } from "node:fs/promises";

/** Writes Markdown as the summary of the job, and `comment` as its output; elsewhere than on GitHub neither. */
export async function giveToGitHub(
  { summary, comment }: { summary: string; comment: string },
  { GITHUB_STEP_SUMMARY, GITHUB_OUTPUT }: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  if (GITHUB_STEP_SUMMARY) await appendFile(GITHUB_STEP_SUMMARY, summary);
  if (!GITHUB_OUTPUT) return;
  const end = randomBytes(16).toString("hex"); // nothing that a tree has a part in can know it
  await appendFile(GITHUB_OUTPUT, `comment<<${end}\n${comment}\n${end}\n`);
}
