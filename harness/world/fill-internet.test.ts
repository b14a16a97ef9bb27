import { describe, expect, it } from "vitest";
import { fluxCredential, type RepositorySeed, type StandIns } from "../internet/index.ts";
import type { Credentials } from "./credentials.ts";
import { fillInternet } from "./fill-internet.ts";

/** The repositories that a world with these for its workspaces is filled with. */
async function made(repositories: Credentials["repositories"]): Promise<[string, RepositorySeed][]> {
  const seeds: [string, RepositorySeed][] = [];
  const nothing = async () => {};
  const standIns = {
    github: {
      control: {
        createRepository: async (name: string, seed: RepositorySeed) => void seeds.push([name, seed]),
        commit: nothing,
      },
    },
    doppler: { control: { setTokens: nothing, replaceSecrets: nothing } },
    copilot: { control: { setLogins: nothing } },
  } as unknown as StandIns;
  const credentials = { dopplerSecrets: {}, successors: {}, dopplerToken: "d", gitToken: "g", repositories };
  await fillInternet(standIns, credentials as unknown as Credentials, "me/home");
  return seeds.filter(([name]) => name.startsWith("me/"));
}

describe("github.com", () => {
  it("has the home's repository beside those of the workspaces", async () => {
    expect(await made([{ repository: "me/code", tokens: { PAT: "x" } }])).toMatchObject([
      ["me/home", { tokens: { [fluxCredential]: "g" } }],
      ["me/code", { tokens: { PAT: "x" }, isPublic: false }],
    ]);
  });

  it("has one that a workspace clones and Flux reads once, and a clone of it lasts after a push", async () => {
    const tokens = { [fluxCredential]: "g", PAT: "x" };
    expect(await made([{ repository: "me/home", tokens }])).toMatchObject([
      ["me/home", { tokens, isPublic: false, paddingBytes: 2_000_000, secondBranch: "padding" }],
    ]);
  });

  it.each([[{}], [{ [fluxCredential]: "g" }]])(
    "shows one that no token opens to everybody: %j",
    async (tokens) => {
      const [, repository] = (await made([{ repository: "me/open", tokens }])).at(-1) ?? [];
      expect(repository?.isPublic).toBe(true);
    },
  );
});
