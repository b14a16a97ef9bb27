import { randomBytes } from "node:crypto";
import { dirname } from "node:path/posix";
import type { V1Pod } from "@kubernetes/client-node";
import { type AuthDigests, authDigests } from "./auth-content.ts";
import { runBeside } from "./beside.ts";
import { workQuestions } from "./clone-questions.ts";
import type { DeployedWorkspace } from "./deployed-workspace.ts";
import type { Session } from "./session.ts";
import { type BoundVolume, volumeBehind } from "./volume.ts";

/**
 * State of the work in the directory that OpenCode works in, each field as git or sha256sum print it; what only git knows
 * is empty where the workspace clones nothing.
 */
export interface WorkState {
  directory: string;
  /** Address that was cloned. */
  remote: string;
  head: string;
  /** Commits that only this clone has, oldest last. */
  unpushed: string;
  /** `git status --porcelain` */
  status: string;
  /** `git diff` of the tracked files. */
  diff: string;
  /** Digest of every file that differs from what is on GitHub; without a clone, of those in the directory itself. */
  digests: string;
}

/** auth.json as the OpenCode process itself sees it. */
export interface AuthFile extends AuthDigests {
  path: string;
  /** Octal, for instance 600. */
  mode: string;
  owner: string;
}

/** What a user has left in a workspace and must find again. */
export interface Traces {
  session: string;
  /** The session's messages as JSON. */
  messages: string;
  work: WorkState;
  auth: AuthFile;
  volumes: { data: BoundVolume; work: BoundVolume };
}

/** A provider that nobody calls here. */
const otherProvider = "anthropic";

/**
 * Works like a person: opens a session, leaves a message, and in a clone changes a tracked file, adds a file that git does
 * not know, and leaves one commit unpushed; without a clone it leaves files. Connects one more provider, so that auth.json is no longer what was seeded, as
 * it is after OpenCode has renewed a token in it. Returns all of it as it is afterwards.
 */
export async function leaveTraces(workspace: DeployedWorkspace): Promise<Traces> {
  const user = await workspace.user();
  const session = await user.openSession(`work in ${workspace.name}`);
  const mark = randomBytes(12).toString("hex");
  await session.say(`remember ${mark}`);
  await user.connectProvider(otherProvider, `made up ${mark}`);
  const directory = await user.directory();
  const tracked = isClone(workspace)
    ? await runBeside(workspace, directory, "git ls-files | grep -v '[.]bin$' | head -n 1")
    : `noted-${mark}.txt`;
  // OpenCode itself writes, and with the shell alone: its image need not have git.
  await session.run(`set -e
    echo "committed ${mark}" > committed-${mark}.txt
    echo "changed ${mark}" >> '${tracked.trim()}'
    printf 'untracked %s \\001\\377' ${mark} > untracked-${mark}.bin`);
  if (!isClone(workspace)) return readTraces(workspace, session.id);
  await runBeside(
    workspace,
    directory,
    `git add committed-${mark}.txt
    git -c user.name=me -c user.email=me@example.invalid commit --quiet --message "kept ${mark}"`,
  );
  return readTraces(workspace, session.id);
}

/** The session, the work, auth.json and the volumes as they are now. Throws when the session is gone. */
export async function readTraces(workspace: DeployedWorkspace, sessionId: string): Promise<Traces> {
  const [user, pod] = await Promise.all([workspace.user(), workspace.readyPod()]);
  const session = await user.session(sessionId);
  const messages = JSON.stringify(await session.messages(), undefined, 1);
  const observer = await user.openSession("observer"); // looking must not change the session that is looked at
  const directory = await user.directory();
  const [work, auth] = await Promise.all([
    readWork(workspace, directory),
    authPath(observer).then((path) => readAuth(workspace, path)),
  ]);
  const found = { auth, work };
  return { session: sessionId, messages, ...found, volumes: await readVolumes(workspace, pod, found) };
}

/** Whether the tree lets the workspace clone a repository. */
function isClone({ facts }: DeployedWorkspace): boolean {
  return facts.clones.length > 0;
}

async function readWork(workspace: DeployedWorkspace, directory: string): Promise<WorkState> {
  const questions = isClone(workspace) ? workQuestions : directoryQuestions;
  const answers = await askEach(workspace, directory, questions);
  const [digests = "", remote = "", head = "", unpushed = "", status = "", diff = ""] = answers;
  return { directory, remote: remote.trim(), head: head.trim(), unpushed, status, diff, digests };
}

/** What the pod keeps OpenCode's data and the work on. Throws where that is no PersistentVolumeClaim. */
export async function readVolumes(
  workspace: DeployedWorkspace,
  pod: V1Pod,
  { auth, work }: Pick<Traces, "auth" | "work">,
): Promise<Traces["volumes"]> {
  const [data, code] = await Promise.all([
    volumeBehind(workspace, pod, dirname(auth.path)),
    volumeBehind(workspace, pod, work.directory),
  ]);
  return { data, work: code };
}

const directoryQuestions = ["find . -maxdepth 1 -type f -print0 | sort -z | xargs -0 -r sha256sum"];

/** Only OpenCode knows where it looks. */
const authQuestion = `echo "\${XDG_DATA_HOME:-$HOME/.local/share}/opencode/auth.json"`;

/** Where OpenCode looks for auth.json. */
export async function authPath(observer: Session): Promise<string> {
  return (await observer.run(authQuestion)).trim();
}

/** auth.json at the path where OpenCode looks for it, as its user sees it. Throws when that user cannot read it. */
export async function readAuth(workspace: DeployedWorkspace, path: string): Promise<AuthFile> {
  const look = `stat -L -c '%a %u:%g' auth.json; cat auth.json`;
  const [stat = "", ...content] = (await runBeside(workspace, dirname(path), look)).split("\n");
  const [mode = "", owner = ""] = stat.split(" ");
  return { path, mode, owner, ...authDigests(content.join("\n")) };
}

/** The output of each command, all of them run in one go. */
async function askEach(
  workspace: DeployedWorkspace,
  directory: string,
  commands: readonly string[],
): Promise<string[]> {
  const separator = `-- ${randomBytes(6).toString("hex")} --`;
  const output = await runBeside(workspace, directory, commands.join(`\necho '${separator}'\n`));
  return output.split(`${separator}\n`);
}

/** How long each init container of the pod ran, in milliseconds; whole seconds is all that Kubernetes records. */
export function initDurations(pod: V1Pod): { name: string; ms: number }[] {
  return (pod.status?.initContainerStatuses ?? []).map(({ name, state }) => {
    const { startedAt, finishedAt } = state?.terminated ?? {};
    const ms = startedAt && finishedAt ? new Date(finishedAt).getTime() - new Date(startedAt).getTime() : 0;
    return { name, ms };
  });
}
