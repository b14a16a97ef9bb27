import { expect, it } from "vitest";
import { type Answer, type Asked, fakeHost, startFakeOpenCode } from "../workspace/fake-open-code.ts";
import { type DeployedWorkspace, Workspace } from "../workspace/index.ts";
import { expectOwnPassword, expectOwnSessions } from "./own-sessions.ts";

/** Two workspaces behind one door, told apart by their passwords. */
async function inTwo<T>(
  answer: (asked: Asked & { by: "one" | "two" }) => Answer,
  act: (workspaces: DeployedWorkspace[]) => Promise<T>,
): Promise<T> {
  await using server = await startFakeOpenCode((asked) => {
    const login = Buffer.from(asked.authorization?.replace("Basic ", "") ?? "", "base64").toString();
    return answer({ ...asked, by: login.endsWith(":one") ? "one" : "two" });
  });
  const workspaces = ["one", "two"].map((name) => ({
    name,
    user: async () =>
      new Workspace({ name, hostname: fakeHost, userName: "opencode", password: name }, server.gateway),
  }));
  return await act(workspaces as unknown as DeployedWorkspace[]);
}

/** OpenCode's list of sessions: each has its own, or both have one. */
function sessions(areShared: boolean) {
  const titles = new Map<string, string[]>();
  return ({ what, body, by }: Asked & { by: string }): Answer => {
    const owner = areShared ? "both" : by;
    const own = titles.get(owner) ?? [];
    titles.set(owner, own);
    if (what.startsWith("POST")) own.push((body as { title: string }).title);
    return { json: what.startsWith("POST") ? { id: "ses" } : own.map((title) => ({ title })) };
  };
}

it("each lists its own session alone", async () => {
  await inTwo(sessions(false), expectOwnSessions);
  await expect(inTwo(sessions(true), expectOwnSessions)).rejects.toThrow(
    "one should list its own new session alone, and lists those of one, two",
  );
});

it("a password that opens the other one too is told", async () => {
  await inTwo(() => ({ status: 401 }), expectOwnPassword);
  await expect(
    inTwo(({ by }) => (by === "one" ? { json: {} } : { status: 401 }), expectOwnPassword),
  ).rejects.toThrow(/answers 200 with the password of one, not 401/);
});
