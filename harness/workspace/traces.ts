import { randomBytes } from "node:crypto";
import { dirname } from "node:path/posix";
import type { V1Pod } from "@kubernetes/client-node";
import { z } from "zod";
import type { DeployedWorkspace } from "./deployed-workspace.ts";
import type { Session } from "./session.ts";
import { type BoundVolume, volumeBehind } from "./volume.ts";
import type { Workspace } from "./workspace.ts";

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

/**
 * Works like a person: opens a session, leaves a message, changes a tracked file, adds a file that git does not
 * know, and leaves one commit unpushed. Returns all of it as it is afterwards.
 */
export async function leaveTraces(workspace: DeployedWorkspace): Promise<Traces> {
  const user = await workspace.user();
  const session = await user.openSession(`work in ${workspace.name}`);
  const mark = randomBytes(12).toString("hex");
  await session.say(`remember ${mark}`);
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
  const repository = await readRepository(user, observer);
  const auth = await readAuth(observer);
  const volumes = await readVolumes(workspace, pod, { auth, repository });
  return { session: sessionId, messages, repository, auth, volumes };
}

/** What the pod keeps OpenCode's data and the repository on. Throws where that is no PersistentVolumeClaim. */
export async function readVolumes(
  workspace: DeployedWorkspace,
  pod: V1Pod,
  { auth, repository }: Pick<Traces, "auth" | "repository">,
): Promise<Traces["volumes"]> {
  const [data, code] = await Promise.all([
    volumeBehind(workspace.cluster, pod, dirname(auth.path)),
    volumeBehind(workspace.cluster, pod, repository.directory),
  ]);
  return { data, repository: code };
}

async function readRepository(user: Workspace, observer: Session): Promise<RepositoryState> {
  const { directory } = await user.api.get("/path", pathInfo);
  const separator = `-- ${randomBytes(6).toString("hex")} --`;
  const commands = [
    "git remote get-url origin",
    "git rev-parse HEAD",
    "git log --format='%H %s' '@{upstream}..HEAD'",
    "git status --porcelain",
    "git diff",
    "{ git diff --name-only '@{upstream}'; git ls-files --others --exclude-standard; } | sort | xargs -r -d '\\n' sha256sum",
  ];
  const output = await observer.run(`set -e; cd '${directory}'\n${commands.join(`\necho '${separator}'\n`)}`);
  const [remote = "", head = "", unpushed = "", status = "", diff = "", digests = ""] = output.split(
    `${separator}\n`,
  );
  return { directory, remote: remote.trim(), head: head.trim(), unpushed, status, diff, digests };
}

/** Reads auth.json in a shell of OpenCode's own, so that what it cannot read fails here. */
export async function readAuth(observer: Session): Promise<AuthFile> {
  const output = await observer.run(`set -e
    file="\${XDG_DATA_HOME:-$HOME/.local/share}/opencode/auth.json"
    echo "$file"; stat -c '%a %u:%g' "$file"; sha256sum < "$file"`);
  const [path = "", stat = "", digest = ""] = output.split("\n");
  const [mode = "", owner = ""] = stat.split(" ");
  return { path, mode, owner, sha256: digest.split(" ")[0] ?? "" };
}

/** How long each init container of the pod ran, in milliseconds; whole seconds is all that Kubernetes records. */
export function initDurations(pod: V1Pod): { name: string; ms: number }[] {
  return (pod.status?.initContainerStatuses ?? []).map(({ name, state }) => {
    const { startedAt, finishedAt } = state?.terminated ?? {};
    const ms = startedAt && finishedAt ? new Date(finishedAt).getTime() - new Date(startedAt).getTime() : 0;
    return { name, ms };
  });
}
