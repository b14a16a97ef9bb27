import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { type Answer, type Asked, fakeHost, startFakeOpenCode } from "./fake-open-code.ts";
import { Workspace } from "./workspace.ts";

const told = (parts: object[]) => ({ info: { id: "msg_1", role: "assistant" }, parts });

/** As OpenCode does with bash: the command stands as JSON in a script that evaluates it. */
const evaluated = (command: string) => ["bash", "-c", `eval ${JSON.stringify(command)}`];
/** As OpenCode does with a shell that it does not know, busybox's among them. */
const plain = (command: string) => ["sh", "-c", command];

const shell = shellWith(evaluated);

function shellWith(form: (command: string) => string[]): (asked: Asked) => Promise<Answer> {
  return async ({ body }) => answerOf(form((body as { command: string }).command));
}

async function answerOf([program = "", ...args]: string[]): Promise<Answer> {
  const { all } = await execa(program, args, { all: true, reject: false, stripFinalNewline: false });
  return { json: told([{ id: "prt_1", type: "tool", state: { status: "completed", output: all } }]) };
}

async function withSession(answer: (asked: Asked) => Answer | Promise<Answer> = shell) {
  const server = await startFakeOpenCode((asked) =>
    asked.what === "POST /session" ? { json: { id: "ses_1" } } : answer(asked),
  );
  const workspace = new Workspace(
    { name: "opencode-flux", hostname: fakeHost, userName: "opencode", password: "secret" },
    server.gateway,
  );
  return { server, workspace, session: await workspace.openSession("work") };
}

describe("a session's shell", () => {
  it.each([
    ["quotes and dollars", `echo "it's" '$HOME' "$((1 + 1))"`, "it's $HOME 2\n"],
    ["several lines", "for i in 1 2\ndo echo $i\ndone", "1\n2\n"],
    ["backticks and backslashes", "printf '%s\\n' '`id` \\\\ \"!\"'", '`id` \\\\ "!"\n'],
    ["both streams", "echo out; echo err >&2", "out\nerr\n"],
    ["nothing to read", "cat", ""],
    ["an exit in the middle", "echo before; exit 0; echo after", "before\n"],
    ["output without a last newline", "printf abc", "abc"],
    ["letters of the world", "echo 'Grüße, 世界'", "Grüße, 世界\n"],
  ])("keeps %s, in bash and in any other", async (_what, command, output) => {
    for (const form of [evaluated, plain]) {
      const { server, session } = await withSession(shellWith(form));
      await using _ = server;
      expect(await session.run(command)).toBe(output);
      expect(server.asked.at(-1)?.what).toBe("POST /session/ses_1/shell");
    }
  });

  it("needs nothing but a shell", async () => {
    const asked: string[] = [];
    const { server, session } = await withSession(({ body }) => {
      asked.push((body as { command: string }).command);
      return answerOf([
        "env",
        "-i",
        "PATH=/nowhere",
        "/bin/sh",
        "-c",
        asked.at(-1)?.replace("| sh", "| /bin/sh") ?? "",
      ]);
    });
    await using _ = server;
    expect(await session.run("echo $((40 + 2))")).toBe("42\n");
    expect(asked).toHaveLength(1);
  });

  it("throws with the output when the command fails", async () => {
    const { server, session } = await withSession();
    await using _ = server;
    await expect(session.run("echo no such thing; exit 3")).rejects.toMatchObject({
      code: "failed",
      message: `\`echo no such thing; exit 3\` in the workspace of ${fakeHost} ended with exit code 3`,
      details: "no such thing\nexit code 3\n",
    });
  });

  it("does not take a cut output for success", async () => {
    const { server, session } = await withSession(() => ({ json: told([]) }));
    await using _ = server;
    await expect(session.run("true")).rejects.toThrow("ended with exit code ?");
  });
});

describe("a session", () => {
  it("takes a message without asking a model", async () => {
    const { server, session } = await withSession(() => ({ json: told([]) }));
    await using _ = server;
    await session.say("remember me");
    expect(server.asked.at(-1)?.body).toEqual({
      noReply: true,
      parts: [{ type: "text", text: "remember me" }],
    });
  });

  it("is missed when OpenCode does not know it any more", async () => {
    const { server, workspace } = await withSession(() => ({ status: 404, text: "NotFound" }));
    await using _ = server;
    await expect(workspace.session("ses_0")).rejects.toMatchObject({
      code: "failed",
      message: `https://${fakeHost}/session/ses_0 answered 404`,
      details: "NotFound",
    });
  });

  it("is not taken from OpenCode's web page", async () => {
    const { server, workspace } = await withSession(() => ({ status: 200, text: "<!doctype html>" }));
    await using _ = server;
    await expect(workspace.session("ses_0")).rejects.toMatchObject({
      code: "failed",
      details: "<!doctype html>",
    });
  });
});

describe("untilAnswered", () => {
  it("waits while the gateway has no route and no backend, and takes OpenCode's own 401", async () => {
    const answers: Answer[] = [
      { status: 404 },
      { status: 503, text: "no healthy upstream" },
      { status: 401 },
    ];
    const { server, workspace } = await withSession(() => answers.shift() ?? { status: 500 });
    await using _ = server;
    expect((await workspace.untilAnswered("/", { withPassword: false })).status).toBe(401);
  });

  it("says what came last", async () => {
    const { server, workspace } = await withSession(() => ({ status: 503, text: "no healthy upstream" }));
    await using _ = server;
    await expect(workspace.untilAnswered("/", { timeoutMs: 300 })).rejects.toMatchObject({
      message: expect.stringContaining(`https://${fakeHost}/ did not answer within `),
      details: "last: 503 no healthy upstream",
    });
  });
});

describe("connecting a provider", () => {
  it("hands the key to OpenCode", async () => {
    const { server, workspace } = await withSession(() => ({ json: true }));
    await using _ = server;
    await workspace.connectProvider("anthropic", "made up");
    expect(server.asked.at(-1)).toMatchObject({
      what: "PUT /auth/anthropic",
      body: { type: "api", key: "made up" },
    });
  });

  it("says when OpenCode does not take it", async () => {
    const { server, workspace } = await withSession(() => ({ status: 400, text: "no such provider" }));
    await using _ = server;
    await expect(workspace.connectProvider("nobody", "made up")).rejects.toThrow("/auth/nobody answered 400");
  });
});
