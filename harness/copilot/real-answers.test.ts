import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { preparedOpenCode } from "../images/index.ts";
import { type RealOpenCode, startRealOpenCode } from "../workspace/real-open-code.ts";
import { AnswerStream } from "./answer-stream.ts";
import { answerOver, planned } from "./slow-answer.ts";

const binary = await preparedOpenCode();
const model = (modelID: string) => ({ providerID: "github-copilot", modelID });
const chat = model("gpt-5-mini");

/** What the real OpenCode does with Copilot; skipped where none has been prepared. */
describe.skipIf(binary === undefined)(
  "the real OpenCode",
  () => {
    let real: RealOpenCode;
    beforeAll(async () => {
      real = await startRealOpenCode(binary ?? "");
      await (await real.user.openSession("warm")).ask("hello", chat);
    }, 120_000);
    afterAll(async () => await real?.[Symbol.asyncDispose]());

    const asked = async (text: string, modelID = chat.modelID) => {
      const session = await real.user.openSession("a question");
      const { info, parts } = await session.ask(text, model(modelID));
      const said = parts.filter(({ type }) => type === "text").map((part) => part.text);
      return { session, said, error: info.error?.data?.message };
    };

    it.each(["gpt-5-mini", "gpt-5.4"])(
      "asks for %s with the login of auth.json, and for nothing else",
      async (modelID) => {
        await real.copilot.forgetRequests();
        const { session, said } = await asked("hello", modelID);
        expect(said).toEqual(["Asked with the login of one."]);
        expect(await real.copilot.requests()).toMatchObject([
          { operation: "prompt", model: modelID, session: session.id, credential: "one", status: 200 },
        ]);
        expect(await real.copilot.unexpectedRequests()).toEqual([]);
      },
    );

    it("offers the models that Copilot offers", async () => {
      expect(await real.user.offeredModels("github-copilot")).toEqual(["gpt-5-mini", "gpt-5.4"]);
    });

    it("offers those of its own release when Copilot's list is late, and Copilot's once it has read anew", async () => {
      await real.copilot.fault({ kind: "slow", delayMs: 6_000 });
      await real.user.readAnew();
      expect((await real.user.offeredModels("github-copilot")).length).toBeGreaterThan(5);
      await real.copilot.fault();
      await real.user.readAnew();
      expect(await real.user.offeredModels("github-copilot")).toEqual(["gpt-5-mini", "gpt-5.4"]);
    });

    it("runs the tool that an answer calls, and goes on with the next answer", async () => {
      await using plan = await real.copilot.plan({
        prompt: "how late",
        answers: [
          { kind: "tool", tool: "bash", arguments: { command: "echo late", description: "the time" } },
          { kind: "text", text: "Very." },
        ],
      });
      const { session, said } = await asked("how late is it?");
      expect(said).toEqual(["Very."]);
      expect(JSON.stringify(await session.messages())).toContain('"output":"late\\n"');
      await plan[Symbol.asyncDispose]();
    });

    it("tells its listeners each word of a slow answer as it comes", async () => {
      const answer = answerOver(3_000);
      await using _ = await planned(real, answer);
      await using stream = await AnswerStream.ask(
        real.user,
        await real.user.openSession(answer.title),
        answer,
        chat,
      );
      expect(await stream.settle()).toEqual({ account: "12 of 12 words came" });
      expect(stream.record.longestPauseMs()).toBeLessThan(2_500);
    });

    it("asks again after 429, and after an answer that broke off", async () => {
      await real.copilot.fault(
        { kind: "refuse", status: 429, retryAfterS: 0, times: 1 },
        { kind: "break-off", afterWords: 0, times: 1 },
      );
      expect((await asked("hello")).said.at(-1)).toBe("Asked with the login of one.");
      await real.copilot.fault();
    });

    it("shows the refusal of a login that has expired, and takes the next one that is put into auth.json", async () => {
      await real.copilot.expire("one");
      expect((await asked("hello")).error).toBe("Unauthorized: unauthorized: token expired");
      await real.user.connectCopilot("gho_two");
      expect((await asked("hello")).said).toEqual(["Asked with the login of two."]);
      await real.user.connectCopilot("gho_one");
      await real.copilot.expire();
    });

    // OpenCode writes a text when it is whole. What tools did before stays.
    it("has lost the words of an answer in which it was ended, and nothing else of the session", async () => {
      await using plan = await real.copilot.plan({
        prompt: "Work, and tell",
        answers: [
          { kind: "tool", tool: "bash", arguments: { command: "echo worked", description: "work" } },
          { kind: "words", count: 100, everyMs: 100 },
        ],
      });
      const session = await real.user.openSession("an end in between");
      await session.begin("Work, and tell me.", chat);
      const sent = async () => (await real.copilot.requests({ session: session.id })).at(-1)?.pieces ?? 0;
      await expect.poll(sent, { timeout: 20_000 }).toBeGreaterThan(10);
      await real.restart();
      const left = JSON.stringify(await session.messages());
      expect(left).toContain("Work, and tell me.");
      expect(left).toContain('"output":"worked\\n"');
      expect(left).not.toContain("word1");
      await plan[Symbol.asyncDispose]();
      expect((await session.ask("And now?", chat)).parts.at(-2)).toMatchObject({
        text: "Asked with the login of one.",
      });
    }, 90_000);
  },
  60_000,
);
