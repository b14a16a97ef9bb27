import { z } from "zod";
import { currentTask } from "../base/index.ts";
import type { ControlAccess } from "./control-call.ts";
import { type CommonFault, nothing, recordedRequest, StandInControl } from "./stand-in-control.ts";

const operation = z.enum(["info/refs", "ls-refs", "clone-or-fetch", "push", "device-login"]);
export type GitOperation = z.infer<typeof operation>;

const gitRequest = recordedRequest.extend({
  /** `owner/name` */
  repository: z.string().nullable(),
  service: z.enum(["upload-pack", "receive-pack"]).nullable(),
  operation: operation.nullable(),
  /** Whether a client that clones or fetches has named commits that it has: one that clones has none. */
  hasCommits: z.boolean(),
});
export type GitRequest = z.infer<typeof gitRequest>;

const head = z.object({
  repository: z.string(),
  branch: z.string(),
  /** The commit that the branch points to, 40 hex digits. */
  revision: z.string(),
  commits: z.number(),
});
export type RepositoryHead = z.infer<typeof head>;

/** A file's text, or its bytes with the mode that git keeps. */
export type RepositoryFile =
  | string
  | { content: string; encoding?: "utf8" | "base64"; mode?: "100644" | "100755" | "120000" };

export interface RepositorySeed {
  /** Path to content. */
  files: Record<string, RepositoryFile>;
  /** Name of the credential, as the record shall show it, to its value. */
  tokens: Record<string, string>;
  /** Whether everybody may read it; default false. */
  isPublic?: boolean;
  /** Commits that the files are spread over; default 3. */
  history?: number;
  /** Size of a random file that makes a clone long enough to be interrupted; default none. */
  paddingBytes?: number;
  /** A second branch with the same content, which a clone gets also after `main` was pushed anew; default none. */
  secondBranch?: string;
}

export interface RepositoryCommit {
  message: string;
  /** Null removes a path. */
  files: Record<string, RepositoryFile | null>;
  /** The files are the whole tree. */
  replace?: boolean;
}

interface GitScope {
  /** `owner/name`; default: every repository. */
  repository?: string;
  /** Default: every operation, for `cut` and `stall` the pack of a clone or fetch. */
  operation?: GitOperation;
}

/** `cut` drops the connection after so many bytes of a pack, `stall` stops there and keeps it open. */
export type GitFault = GitScope &
  (
    | CommonFault
    | { kind: "cut"; afterBytes: number; times?: number }
    | { kind: "stall"; afterBytes: number; times?: number }
  );

/** Name of the credential with which Flux and the harness itself come. */
export const fluxCredential = "flux and harness";

/** A repository is made of a tree of files; on 2 busy cores that may take a while. */
const gitDeadlineMs = 60_000;

/** github.com's stand-in: its repositories, its record, its faults. Repositories are named `owner/name`. */
export class GitHubControl extends StandInControl<GitRequest, GitFault> {
  constructor(access: ControlAccess) {
    super(access, gitRequest, "github.com");
  }

  /** The recorded git requests, of one repository or one operation where that is given. */
  async requests(filter: { repository?: string; operation?: GitOperation } = {}): Promise<GitRequest[]> {
    const matches = (request: GitRequest) =>
      (filter.repository === undefined || request.repository === filter.repository) &&
      (filter.operation === undefined || request.operation === filter.operation);
    return (await this.recordedRequests()).filter(matches);
  }

  /** How often each repository was cloned or fetched since the record began, but by Flux. */
  async clones(): Promise<Record<string, number>> {
    const made = await this.requests({ operation: "clone-or-fetch" });
    const clones: Record<string, number> = {};
    for (const { repository, credential } of made) {
      if (repository === null || credential === fluxCredential) continue;
      clones[repository] = (clones[repository] ?? 0) + 1;
    }
    return clones;
  }

  /** The timeline is told the clones that are forgotten. */
  override async forgetRequests(): Promise<void> {
    for (const [of, amount] of Object.entries(await this.clones()))
      currentTask().record({ what: "count", of, amount });
    await super.forgetRequests();
  }

  /** Makes a repository with a branch `main`; one of the same name is replaced. */
  createRepository(repository: string, seed: RepositorySeed): Promise<RepositoryHead> {
    return this.call({
      method: "PUT",
      path: pathOf(repository),
      body: seed,
      schema: head,
      deadlineMs: gitDeadlineMs,
    });
  }

  /** Adds a commit to `main`, as somebody's push would; not part of the record. */
  commit(repository: string, commit: RepositoryCommit): Promise<RepositoryHead> {
    const path = `${pathOf(repository)}/commits`;
    return this.call({ method: "POST", path, body: commit, schema: head, deadlineMs: gitDeadlineMs });
  }

  head(repository: string): Promise<RepositoryHead> {
    return this.call({ method: "GET", path: pathOf(repository), schema: head });
  }

  /** Whoever logs in with a code for devices gets the next of these tokens; without one left the code stays unused. */
  async layOutDeviceLogins(...tokens: string[]): Promise<void> {
    await this.call({ method: "PUT", path: "device-logins", body: { tokens }, schema: nothing });
  }

  /** From now on the repository accepts exactly these tokens. */
  async setTokens(repository: string, tokens: Record<string, string>): Promise<void> {
    await this.call({
      method: "PUT",
      path: `${pathOf(repository)}/tokens`,
      body: { tokens },
      schema: nothing,
    });
  }
}

function pathOf(repository: string): string {
  return `repositories/${repository}`;
}
