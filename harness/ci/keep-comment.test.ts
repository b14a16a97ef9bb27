import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Comment, keepComment } from "./keep-comment.ts";

/** As much of GitHub's API as a comment needs. */
let comments: { id: number; body: string; user: { type: string } }[];
let calls: string[];
let mayWrite: boolean;
const server = createServer(async (request, response) => {
  const { method, url = "", headers } = request;
  calls.push(`${method} ${url} ${headers.authorization}`);
  const answer = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
  if (method === "GET") {
    const page = Number(new URL(url, "http://api").searchParams.get("page"));
    return answer(200, comments.slice((page - 1) * 100, page * 100));
  }
  if (!mayWrite) return answer(403, { message: "Resource not accessible by integration" });
  const { body } = (await json(request)) as { body: string };
  if (method === "POST") comments.push({ id: comments.length, body, user: { type: "Bot" } });
  else Object.assign(comments[Number(url.split("/").at(-1))] ?? {}, { body });
  answer(200, {});
});
beforeEach(async () => {
  [comments, calls, mayWrite] = [[], [], true];
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterEach(() => new Promise((done) => server.close(done)));

const keep = (text: string, more: Partial<Comment> = {}) =>
  keepComment({
    about: "scenarios",
    api: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: "the job's token",
    repository: "jbaker/home-cluster",
    pullRequest: 7,
    text,
    ...more,
  });

describe("the comment on a pull request", () => {
  it("is one, and renewed by the next run", async () => {
    expect(await keep("first")).toBe("written");
    expect(await keep("second")).toBe("renewed");
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toMatch(/^<!-- .* -->\nsecond$/);
    expect(calls.at(-1)).toBe("PATCH /repos/jbaker/home-cluster/issues/comments/0 Bearer the job's token");
  });

  it("is found behind many others, and never taken for somebody's who quotes it", async () => {
    await keep("ours");
    const quoted = { id: 0, body: comments[0]?.body ?? "", user: { type: "User" } };
    comments = [
      ...Array.from({ length: 150 }, (_, id) => ({ ...quoted, id })),
      { ...quoted, id: 150, user: { type: "Bot" } },
    ];
    expect(await keep("next")).toBe("renewed");
    expect(comments[150]?.body).toContain("next");
    expect(comments[0]?.body).toContain("ours");
  });

  it("is another for what the change does, which begins only where there is something to say", async () => {
    await keep("verdict");
    expect(await keep("nothing", { about: "difference", isOnlyRenewed: true })).toBe("left out");
    expect(await keep("slower", { about: "difference" })).toBe("written");
    expect(await keep("nothing any more", { about: "difference", isOnlyRenewed: true })).toBe("renewed");
    expect(comments.map(({ body }) => body.split("\n")[1])).toEqual(["verdict", "nothing any more"]);
  });

  it("is left out where the token may not write", async () => {
    mayWrite = false;
    expect(await keep("first")).toBe("forbidden");
  });
});
