/** By this a comment is known again. */
const markOf = (about: Comment["about"]) => `<!-- opencode-harness: ${about} -->`;

export interface Comment {
  /** https://api.github.com, or a GitHub Enterprise's. */
  api: string;
  token: string;
  /** `owner/name` */
  repository: string;
  pullRequest: number;
  /** Each has one comment. */
  about: "scenarios" | "difference";
  /** Markdown. */
  text: string;
  /** Only what stood there before is written anew: there is nothing to say that would be worth a comment. */
  isOnlyRenewed?: boolean;
}

interface Found {
  id: number;
  body?: string;
  user?: { type?: string };
}

/**
 * Writes the comment, or what was written before anew. `forbidden`: the token may not, as that of a pull request from a
 * fork. Throws on every other answer that is not a success.
 */
export async function keepComment(
  comment: Comment,
): Promise<"written" | "renewed" | "left out" | "forbidden"> {
  const { api, repository, pullRequest, about, text, isOnlyRenewed = false } = comment;
  const body = JSON.stringify({ body: `${markOf(about)}\n${text}` });
  const issues = `${api}/repos/${repository}/issues`;
  const former = await findFormer(comment, `${issues}/${pullRequest}/comments`);
  if (former === undefined && isOnlyRenewed) return "left out";
  const response =
    former === undefined
      ? await ask(comment, "POST", `${issues}/${pullRequest}/comments`, body)
      : await ask(comment, "PATCH", `${issues}/comments/${former.id}`, body);
  if (response.status === 403 || response.status === 404) return "forbidden";
  requireSuccess(response);
  return former === undefined ? "written" : "renewed";
}

const perPage = 100;

/** Somebody else may quote the mark: only a bot's comment is ours. */
async function findFormer(comment: Comment, url: string): Promise<Found | undefined> {
  for (let page = 1; ; page++) {
    const response = await ask(comment, "GET", `${url}?per_page=${perPage}&page=${page}`);
    requireSuccess(response);
    const comments = (await response.json()) as Found[];
    const found = comments.find(
      ({ body, user }) => user?.type === "Bot" && body?.startsWith(markOf(comment.about)),
    );
    if (found !== undefined || comments.length < perPage) return found;
  }
}

function ask({ token }: Comment, method: string, url: string, body?: string): Promise<Response> {
  return fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json" },
    signal: AbortSignal.timeout(30_000),
    ...(body === undefined ? {} : { body }),
  });
}

function requireSuccess({ ok, status, url }: Response): void {
  if (!ok) throw new Error(`GitHub answers ${status} to ${new URL(url).pathname}`);
}
