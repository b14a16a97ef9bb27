import { describe, expect, it } from "vitest";
import { authDigests, isOfSecret } from "./auth-content.ts";

const copilot = { type: "oauth", refresh: "gho_1", expires: 0 };
const login = JSON.stringify({ "github-copilot": copilot });

describe("an auth.json is the same", () => {
  it.each([
    ["with a line's end", `${login}\n`],
    ["written over many lines", JSON.stringify(JSON.parse(login), undefined, 2)],
    ["in another order", '{"github-copilot":{"refresh":"gho_1","expires":0,"type":"oauth"}}'],
  ])("%s", (_how, text) => {
    expect(authDigests(text)).toEqual(authDigests(login));
  });

  it("not with another token, or another provider beside it", () => {
    expect(authDigests(login.replace("gho_1", "gho_2")).sha256).not.toBe(authDigests(login).sha256);
    const more = authDigests(JSON.stringify({ anthropic: {}, "github-copilot": copilot }));
    expect(more.sha256).not.toBe(authDigests(login).sha256);
    expect(more.copilot).toBe(authDigests(login).copilot);
  });
});

describe("a login is of a Secret", () => {
  const held = (text: string, ...values: string[]) =>
    isOfSecret(
      authDigests(text),
      values.map((value) => Buffer.from(value)),
    );

  it.each([
    ["as it is", login],
    ["decoded", Buffer.from(login).toString("base64")],
    ["beside what the Secret has too", JSON.stringify({ "github-copilot": copilot, other: {} })],
  ])("%s", (_how, value) => {
    expect(held(login, "something else", value)).toBe(true);
    expect(held(JSON.stringify({ anthropic: {}, ...JSON.parse(login) }), value)).toBe(true);
  });

  it("not when it is another, or none", () => {
    expect(held(login.replace("gho_1", "gho_2"), login)).toBe(false);
    expect(held("{}", login, "x")).toBe(false);
  });
});
