import { randomBytes } from "node:crypto";
import { dirname } from "node:path/posix";
import type { V1Pod } from "@kubernetes/client-node";
import { z } from "zod";
import type { DeployedWorkspace } from "./deployed-workspace.ts";
import type { Session } from "./session.ts";
import { type BoundVolume, volumeBehind } from "./volume.ts";

/** State of the work in the repository, each field as git or sha256sum print it. */
export interface RepositoryState {
  directory: string;
  /** URL of `origin`. */
  remote: string;
  head: string;
  /** Commits that only this clone has, oldest last. */
  unpushed: string;
  /** `git status --porcelain` */
  status: string;
  /** `git diff` of the tracked files. */
  diff: string;
  /** Digest of every file that differs from what is on GitHub. */
  digests: string;
}

/** auth.json as the OpenCode process itself sees it. */
export interface AuthFile {
  path: string;
  /** Octal, for instance 600. */
  mode: string;
  owner: string;
  sha256: string;
}

/** What a user has left in a workspace and must find again. */
export interface Traces {
  session: string;
  /** The session's messages as JSON. */
  messages: string;
  repository: RepositoryState;
  auth: AuthFile;
  volumes: { data: BoundVolume; repository: BoundVolume };
}

const pathInfo = z.looseObject({ directory: z.string() });

/** A provider that nobody calls here. */
const otherProvider = "anthropic";

/**
 * Works like a person: opens a session, leaves a message, changes a tracked file, adds a file that git does not
 * know, and leaves one commit unpushed. Connects one more provider, so that auth.json is no longer what was seeded, as
 * it is after OpenCode has renewed a token in it. Returns all of it as it is afterwards.
 */
export async function leaveTraces(workspace: DeployedWorkspace): Promise<Traces> {
  const user = await workspace.user();
  const session = await user.openSession(`work in ${workspace.name}`);
  const mark = randomBytes(12).toString("hex");
  await session.say(`remember ${mark}`);
  await user.connectProvider(otherProvider, `made up ${mark}`);
  await session.run(`
    git config --get user.email >/dev/null || export GIT_AUTHOR_NAME=me GIT_AUTHOR_EMAIL=me@example.invalid GIT_COMMITTER_NAME=me GIT_COMMITTER_EMAIL=me@example.invalid
    set -e
    echo "committed ${mark}" > committed-${mark}.txt
    git add committed-${mark}.txt
    git commit --quiet --message "kept ${mark}"
    echo "changed ${mark}" >> "$(git ls-files | grep -v '[.]bin$' | head -n 1)"
    printf 'untracked %s \\001\\377' ${mark} > untracked-${mark}.bin`);
  return readTraces(workspace, session.id);
}

/** The session, the work, auth.json and the volumes as they are now. Throws when the session is gone. */
export async function readTraces(workspace: DeployedWorkspace, sessionId: string): Promise<Traces> {
  const [user, pod] = await Promise.all([workspace.user(), workspace.readyPod()]);
  const session = await user.session(sessionId);
  const messages = JSON.stringify(await session.messages(), undefined, 1);
  const observer = await user.openSession("observer"); // looking must not change the session that is looked at
  const { directory } = await user.api.get("/path", pathInfo);
  const answers = await askEach(observer, [...repositoryQuestions(directory), authQuestion]);
  const [remote = "", head = "", unpushed = "", status = "", diff = "", digests = "", auth = ""] = answers;
  const repository = { directory, remote: remote.trim(), head: head.trim(), unpushed, status, diff, digests };
  const found = { auth: parseAuth(auth), repository };
  return { session: sessionId, messages, ...found, volumes: await readVolumes(workspace, pod, found) };
}

/** What the pod keeps OpenCode's data and the repository on. Throws where that is no PersistentVolumeClaim. */
export async function readVolumes(
  workspace: DeployedWorkspace,
  pod: V1Pod,
  { auth, repository }: Pick<Traces, "auth" | "repository">,
): Promise<Traces["volumes"]> {
  const [data, code] = await Promise.all([
    volumeBehind(workspace, pod, dirname(auth.path)),
    volumeBehind(workspace, pod, repository.directory),
  ]);
  return { data, repository: code };
}

function repositoryQuestions(directory: string): string[] {
  return [
    `cd '${directory}' && git remote get-url origin`,
    "git rev-parse HEAD",
    "git log --format='%H %s' '@{upstream}..HEAD'",
    "git status --porcelain",
    "git diff",
    "{ git diff --name-only '@{upstream}'; git ls-files --others --exclude-standard; } | sort | xargs -r -d '\\n' sha256sum",
  ];
}

/** In OpenCode's own shell, so that what OpenCode cannot read fails here. */
const authQuestion = `file="\${XDG_DATA_HOME:-$HOME/.local/share}/opencode/auth.json"
  echo "$file"; stat -c '%a %u:%g' "$file"; sha256sum < "$file"`;

function parseAuth(answer: string): AuthFile {
  const [path = "", stat = "", digest = ""] = answer.split("\n");
  const [mode = "", owner = ""] = stat.split(" ");
  return { path, mode, owner, sha256: digest.split(" ")[0] ?? "" };
}

/** auth.json as OpenCode sees it. Throws when OpenCode cannot read it. */
export async function readAuth(observer: Session): Promise<AuthFile> {
  return parseAuth(await observer.run(`set -e\n${authQuestion}`));
}

/** The output of each command, all of them run in one go: a shell of OpenCode's takes a second under its CPU limit. */
async function askEach(observer: Session, commands: string[]): Promise<string[]> {
  const separator = `-- ${randomBytes(6).toString("hex")} --`;
  const output = await observer.run(`set -e\n${commands.join(`\necho '${separator}'\n`)}`);
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
