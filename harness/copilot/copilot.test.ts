import { describe, expect, it } from "vitest";
import { Tree } from "../gitops/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { tokenOf } from "./auth-json.ts";
import { expectExpiryTold } from "./expiry.ts";
import { fakeStage } from "./fake-stage.ts";
import { expectAnsweredAgain, loginDocument } from "./login-document.ts";
import { expectOffered } from "./offered-models.ts";
import { expectOwnAnswer } from "./own-login.ts";
import { expectLoginKept, renewInOpenCode } from "./renewal.ts";
import { accountForWords, answerOver } from "./slow-answer.ts";

const model = { providerID: "github-copilot", modelID: "a" };
const expired = "Unauthorized: unauthorized: token expired";
const ha = "OPENCODE_HA_COPILOT_AUTH_JSON";

describe("the models", () => {
  const notes: string[] = [];
  const context = { progress: { note: (text: string) => void notes.push(text) } };

  it("are Copilot's own", async () => {
    const { workspace, stage } = fakeStage({});
    const models = await expectOffered(stage, workspace, context);
    expect(models.map(({ modelID }) => modelID)).toEqual(["a", "b"]);
    expect(notes).toEqual([]);
  });

  it("are asked for again when Copilot's list came too late, and that is told", async () => {
    const { workspace, stage } = fakeStage({ models: ["a", "c", "d"], modelsAnew: ["a", "b"] });
    expect(await expectOffered(stage, workspace, context)).toHaveLength(2);
    expect(notes).toEqual([expect.stringContaining("opencode-flux offers 3 models of its own release")]);
  });

  it.each([
    ["none", { models: [], status: 200 }, "and offers none", 0],
    ["those of OpenCode's release", { models: ["a", "c", "d"], status: 200 }, "and offers 3 others", 3],
    ["a refusal", { models: ["a", "c", "d"], status: 401 }, "and offers 3 others", 0],
  ])("are not %s", async (_what, given, told, times) => {
    const { workspace, stage, readAnew } = fakeStage(given);
    await expect(expectOffered(stage, workspace, context)).rejects.toMatchObject({
      message: expect.stringContaining(told),
      details: expect.stringContaining(`${given.status} to OPENCODE_FLUX_COPILOT_AUTH_JSON`),
    });
    expect(readAnew()).toBe(times);
  });
});

describe("the login", () => {
  it.each(["OPENCODE_FLUX_COPILOT_AUTH_JSON", "OPENCODE_FLUX_COPILOT_AUTH_JSON, rotated"])(
    "is the workspace's own: %s",
    async (login) => {
      const { workspace, stage } = fakeStage({ login });
      expect(await expectOwnAnswer(stage, workspace, model)).toBe(login);
    },
  );

  it.each([
    ["the other one's", { login: ha }, `and asks with ${ha}`],
    [
      "one that Copilot does not know",
      { login: "unknown", error: "Unauthorized" },
      'OpenCode shows "Unauthorized"',
    ],
    ["none", { login: null }, "and asks with none"],
  ])("is not %s", async (_what, given, told) => {
    const { workspace, stage } = fakeStage(given);
    await expect(expectOwnAnswer(stage, workspace, model)).rejects.toThrow(told);
  });

  it("that has expired is told to whoever asks", async () => {
    const notes: string[] = [];
    const progress = { note: (text: string) => void notes.push(text) };
    const refused = fakeStage({ error: expired });
    await expectExpiryTold(refused.stage, refused.workspace, model, { progress });
    expect(notes[0]).toContain(
      `shows "${expired}"; its pod opencode-flux-1 stays Ready, and 2 models are listed`,
    );
    const silent = fakeStage({});
    await expect(expectExpiryTold(silent.stage, silent.workspace, model, { progress })).rejects.toThrow(
      "says nothing",
    );
  });

  it.each([
    ["answers with another one", {}, undefined],
    ["refuses it still", { error: expired }, `OpenCode shows "${expired}"`],
    ["is asked with the former one", { login: "former" }, "is asked with former"],
  ])("is new when Copilot %s", async (_what, given, told) => {
    const { workspace, stage } = fakeStage(given);
    const again = expectAnsweredAgain(
      stage,
      workspace,
      { model, former: "former", oldPod: undefined },
      { progress: { note: () => {} } },
    );
    if (told === undefined) await again;
    else await expect(again).rejects.toThrow(told);
  });

  it("that was renewed stays", async () => {
    const { workspace, stage } = fakeStage({ login: "renewed" });
    await expectLoginKept(stage, workspace, model, "renewed");
    await expect(expectLoginKept(stage, workspace, model, "another")).rejects.toThrow(
      "and asks with renewed",
    );
  });

  it("is read from an auth.json, raw or in base64", () => {
    const text = JSON.stringify({ "github-copilot": { type: "oauth", refresh: "gho_1" } });
    expect(tokenOf(text)).toBe("gho_1");
    expect(tokenOf(Buffer.from(text).toString("base64"))).toBe("gho_1");
    expect(() => tokenOf("{}")).toThrow();
  });
});

describe("the document for a login that has expired", () => {
  const facts = testFacts("opencode-ha");
  const loginDocumentPath = facts.loginDocument ?? "";

  it("is there with its commands", () => {
    const tree = Tree.of([[loginDocumentPath, "# Expired\n\n```sh\nopencode auth login\n```\n"]]);
    expect(loginDocument(tree, { facts }).blocks.map(({ command }) => command)).toEqual([
      "opencode auth login",
    ]);
  });

  it.each([
    ["is missing", [], /the tree has no .*login-expired\.md: nobody whose login has expired/],
    [
      "has no commands",
      [[loginDocumentPath, "# Expired\n\nLog in."] as [string, string]],
      /login-expired\.md has no block of commands/,
    ],
  ])("is asked for where it %s", (_what, files, message) => {
    expect(() => loginDocument(Tree.of(files), { facts })).toThrow(message);
  });
});

it("a slow answer's words are accounted for in whatever text they are seen", () => {
  const answer = answerOver(1_000);
  expect(accountForWords(answer, "An answer of 4 words: word1 word2 word3 word4.").trouble).toBeUndefined();
  expect(accountForWords(answer, "word1 word3").trouble).toBe("lost: 2, 4 (2 of 4)");
});

describe("a login that OpenCode renews", () => {
  const key = "OPENCODE_FLUX_COPILOT_AUTH_JSON";
  const auth = (refresh: string) => ({ [key]: JSON.stringify({ "github-copilot": { refresh } }) });

  it.each([
    ["the second", key, "two", `${key}, rotated`],
    ["the first again", `${key}, rotated`, "one", key],
  ])("is the one that it does not have: %s", async (_which, before, token, after) => {
    const laidOut: string[] = [];
    let credential = before;
    const { workspace } = fakeStage({
      logInToCopilot: async () => {
        credential = after;
      },
    });
    const stage = {
      copilot: { requests: async () => [{ operation: "prompt", session: "ses_1", credential }] },
      github: { layOutDeviceLogins: async (...tokens: string[]) => void laidOut.push(...tokens) },
      secrets: async () => ({ first: auth("one"), second: auth("two") }),
    };
    expect(await renewInOpenCode(stage as never, workspace, model)).toBe(after);
    expect(laidOut).toEqual([token]);
  });
});
