import { describe, expect, it } from "vitest";
import { fluxCredential, type GitHubControl, type GitRequest } from "../internet/index.ts";
import { expectNoClone, expectOneClone, repositoryOf, untilCloning } from "./git-record.ts";

const repository = "jbaker/k8s-cluster";
const request = (more: Partial<GitRequest> = {}): GitRequest => ({
  time: "2026-01-01T00:00:00Z",
  method: "POST",
  host: "github.com",
  path: `/${repository}.git/git-upload-pack`,
  client: "10.42.1.2",
  userAgent: "git/2.47",
  credential: "PAT",
  expected: true,
  status: 200,
  bytes: 1,
  durationMs: 1,
  outcome: "complete",
  repository,
  service: "upload-pack",
  operation: "clone-or-fetch",
  hasCommits: false,
  ...more,
});
const never = new AbortController().signal;

/** github.com with a record that grows: each look takes the next. */
function githubWith(...records: GitRequest[][]): GitHubControl {
  const requests = async () => (records.length > 1 ? records.shift() : records[0]) ?? [];
  return { requests } as unknown as GitHubControl;
}

describe("repositoryOf", () => {
  it.each([
    ["https://github.com/jbaker/k8s-cluster.git", repository],
    ["https://x-access-token:ghp_secret@github.com/jbaker/k8s-cluster", repository],
    ["git@github.com:jbaker/k8s-cluster.git", repository],
    ["github.com:/jbaker/k8s-cluster", repository],
    ["ssh://git@ssh.github.com:443/jbaker/k8s-cluster.git", repository],
  ])("reads %s", (remote, found) => {
    expect(repositoryOf(remote)).toBe(found);
  });

  it("says what is wrong with a remote that is elsewhere", () => {
    expect(() => repositoryOf("../k8s-cluster")).toThrow("is no repository on github.com");
  });
});

describe("expectOneClone", () => {
  const remote = `https://github.com/${repository}.git`;

  it("passes for one clone, refused and interrupted attempts, fetches into it and Flux's own aside", async () => {
    const flux = request({ credential: fluxCredential });
    const tried = [request({ status: 401 }), request({ outcome: "cut" })];
    const record = [...tried, request(), request({ hasCommits: true }), flux];
    await expectOneClone(githubWith(record), repository, [remote]);
  });

  it("counts one for each workspace that clones it: that they share it is not said here", async () => {
    const remotes = [remote, `git@github.com:${repository}`, "https://github.com/jbaker/other", ""];
    await expectOneClone(githubWith([request(), request()]), repository, remotes);
    await expect(expectOneClone(githubWith([request()]), repository, remotes)).rejects.toThrow(
      "served 1 clones of jbaker/k8s-cluster, not one for each of 2 workspaces",
    );
  });

  it.each([
    [0, []],
    [2, [request(), request({ userAgent: "git/again" })]],
  ])("fails for %i clones and lists them", async (count, record) => {
    await expect(expectOneClone(githubWith(record), repository, [remote])).rejects.toMatchObject({
      code: "failed",
      message: `github.com served ${count} clones of ${repository}, not one`,
      details: record.map((one) => `${one.time} clone-or-fetch by ${one.userAgent}: 200`).join("\n"),
    });
  });
});

describe("expectNoClone", () => {
  it("passes for a fetch into the clone that is there, with or without anything new, and for Flux's own", async () => {
    const looks = [request({ operation: "info/refs" }), request({ operation: "ls-refs" })];
    const record = [...looks, request({ hasCommits: true }), request({ credential: fluxCredential })];
    await expectNoClone(githubWith(record), repository);
  });

  it("fails for a second clone", async () => {
    await expect(expectNoClone(githubWith([request()]), repository)).rejects.toThrow(
      "was cloned again from github.com (1 requests)",
    );
  });
});

describe("untilCloning", () => {
  it("waits for a clone that is under way", async () => {
    const record = githubWith(
      [request({ hasCommits: true, outcome: "pending" })],
      [request()],
      [request(), request({ outcome: "pending", status: null })],
    );
    await untilCloning(record, repository, 5_000, never);
  });

  it("says that nobody clones, or that it was interrupted", async () => {
    await expect(untilCloning(githubWith([]), repository, 150, never)).rejects.toThrow(
      `nobody clones ${repository}`,
    );
    const stopped = AbortSignal.abort(new Error("interrupted"));
    await expect(untilCloning(githubWith([]), repository, 5_000, stopped)).rejects.toThrow("interrupted");
  });
});
