import { HarnessError } from "../base/index.ts";
import { type DeployedWorkspace, runBeside } from "../workspace/index.ts";

/** Branch that grows meanwhile; nobody has it checked out. */
const branch = "refs/heads/busy";

/**
 * Twenty files and five commits, none of which shows in the working tree. All that is written is brought to the disk, in the
 * order in which it refers to one another: git by itself leaves a young object to the kernel, so that a copy of the disk, as a
 * snapshot is one, may have a commit without its content. What is judged is the snapshot.
 */
const commit = `
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.fsync GIT_CONFIG_VALUE_0=all
tree=$(git rev-parse 'HEAD^{tree}')
git rev-parse --quiet --verify ${branch} >/dev/null || git update-ref ${branch} HEAD
for round in 1 2 3 4 5; do
  for file in 1 2 3 4; do head -c 20000 /dev/urandom | git hash-object -w --stdin >/dev/null; done
  git update-ref ${branch} "$(git -c user.name=me -c user.email=me@example.invalid commit-tree -m busy -p ${branch} "$tree")"
done`;

/** Twenty files of nobody's, brought to the disk; for a workspace without a repository. */
const files = `
for file in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  head -c 20000 /dev/urandom > .busy-with-the-harness
  sync .busy-with-the-harness
done
rm .busy-with-the-harness`;

/** How often something was written. */
export interface Written {
  /** Into OpenCode's database. */
  messages: number;
  /** Where the code lies: commits, or files where there is no repository. */
  work: number;
  kind: "commits" | "files";
}

/**
 * Lets OpenCode write messages, and git commits, all the while that `meanwhile` takes; where there is no repository files in
 * place of commits. Begins when both have written once.
 * @throws when nothing was written then: what `meanwhile` met was a workspace at rest.
 */
export async function whileItWrites(
  workspace: DeployedWorkspace,
  meanwhile: () => Promise<void>,
): Promise<Written> {
  const user = await workspace.user();
  const [session, directory] = await Promise.all([user.openSession("busy"), user.directory()]);
  const hasRepository = workspace.facts.clones.length > 0;
  const written: Written = { messages: 0, work: 0, kind: hasRepository ? "commits" : "files" };
  const over = new AbortController();
  const say = async () => {
    await session.say(`message ${written.messages}: ${"words ".repeat(200)}`);
    written.messages += 1;
  };
  const push = async () => {
    await runBeside(workspace, directory, hasRepository ? commit : files);
    written.work += hasRepository ? 5 : 20;
  };
  await Promise.all([say(), push()]);
  const before = { ...written };
  const writing = [say, push].map((write) => again(write, over.signal));
  try {
    await Promise.race([meanwhile(), ...writing]);
  } finally {
    over.abort();
    await Promise.allSettled(writing);
  }
  await Promise.all(writing);
  if (written.messages > before.messages && written.work > before.work) return written;
  throw new HarnessError(`${workspace.name} should write meanwhile, and did not`, { code: "failed" });
}

async function again(write: () => Promise<void>, over: AbortSignal): Promise<void> {
  while (!over.aborted) await write();
}
