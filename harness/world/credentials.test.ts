import { describe, expect, it } from "vitest";
import { testFacts } from "../rendering/test-facts.ts";
import { behindSops } from "./credentials.ts";

describe("what stands behind SOPS opens a repository", () => {
  const sops = {
    all: new Map([
      ["git/token", "t"],
      ["git/user", "u"],
      ["other/token", "o"],
    ]),
  };
  const home = (credentials: { secret: string; key?: string }[], blind = ["whatever"]) => {
    const clone = { repository: "me/code", transport: "https" as const, container: "clone", credentials };
    return { blind, sops, workspaces: [testFacts("opencode", { clones: [clone] })] };
  };

  it("where the container that clones it has it", () => {
    expect(behindSops(home([{ secret: "git", key: "token" }]), "me/code")).toEqual([["git/token", "t"]]);
    expect(behindSops(home([{ secret: "git" }]), "me/code").map(([name]) => name)).toEqual([
      "git/token",
      "git/user",
    ]);
  });

  it("not for another repository, and not where outside.yaml says what opens it", () => {
    expect(behindSops(home([{ secret: "git" }]), "me/other")).toEqual([]);
    expect(behindSops(home([{ secret: "git" }], []), "me/code")).toEqual([]);
  });
});
