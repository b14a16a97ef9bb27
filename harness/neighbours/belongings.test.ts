import { describe, expect, it } from "vitest";
import { testFacts } from "../rendering/test-facts.ts";
import { fakeBeside } from "../workspace/fake-beside.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { belongingsOf, isSecret } from "./belongings.ts";

describe("a key of a Secret", () => {
  it.each([
    ["GITHUB_PAT", "ghp_x"],
    ["id_ed25519", "-----BEGIN OPENSSH PRIVATE KEY-----"],
    ["password", "x"],
    ["GITHUB_USER_TOKEN", "x"],
    ["AUTH_JSON", "{}"],
    ["anything", "x"],
    ["DATABASE_URL", "postgres://me:pw@db.example.org/notes"],
    ["notes-repo", "-----BEGIN OPENSSH PRIVATE KEY-----"],
    ["hosts.yml", "github.com:\n  oauth_token: gho_0123456789"],
  ])("is secret: %s", (key, value) => expect(isSecret(key, Buffer.from(value))).toBe(true));

  it.each([
    ["known_hosts", "github.com ssh-ed25519 AAAA"],
    ["GIT_AUTHOR_EMAIL", "me@example.org"],
    ["GITHUB_USERNAME", "me"],
    ["ca.crt", "x"],
    ["REPO_URL", "https://me@github.com:443/me/code.git"],
    ["internal.pem", "-----BEGIN CERTIFICATE-----"],
  ])("is known to everybody: %s", (key, value) => expect(isSecret(key, Buffer.from(value))).toBe(false));
});

describe("what a workspace has for itself", () => {
  /** A workspace whose OpenCode works in `directory`, with these keys in its Secret and in one that all share. */
  async function belongings(
    directory: string,
    remote = "https://github.com/me/code.git\n",
    workingDir = "/elsewhere",
  ) {
    const { pod, cluster, asked, appContainer } = fakeBeside("/work", () => remote);
    const secrets: Record<string, object> = {
      own: { GITHUB_PAT: "ghp_x", known_hosts: "github.com" },
      authority: { "ca.crt": "x" },
    };
    const [app] = pod.spec?.containers ?? [];
    if (app) app.workingDir = workingDir;
    const envFrom = Object.keys(secrets).map((name) => ({ secretRef: { name } }));
    const clone = { name: "git-clone", envFrom };
    Object.assign(pod.spec ?? {}, { initContainers: [clone] });
    const encoded = (data: object) =>
      Object.fromEntries(
        Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
      );
    const objects = {
      all: async () => [],
      find: async ({ kind, name }: { kind: string; name: string }) =>
        kind === "Secret"
          ? { data: encoded(secrets[name] ?? {}) }
          : { metadata: { name }, spec: { volumeName: "pv" } },
    };
    const { password: _none, login: _noLogin, ...facts } = testFacts();
    const workspace = {
      name: "opencode",
      namespace: "ai",
      services: [],
      facts,
      cluster: { ...cluster, objects },
      appContainer,
      readyPod: async () => pod,
      user: async () => ({
        directory: async () => {
          if (directory === "") throw new Error("its host is another's");
          return directory;
        },
      }),
    } as unknown as DeployedWorkspace;
    const things = await belongingsOf(workspace, { publicValues: [] });
    return { told: things.map(({ kind, told }) => `${kind}: ${told}`), asked };
  }

  it("is where OpenCode works, and nothing that is no secret", async () => {
    const { told, asked } = await belongings("/work/code");
    expect(told).toEqual([
      "Secret: own",
      "claim: opencode-flux",
      "volume: pv of claim opencode-flux",
      "token: GITHUB_PAT of Secret own",
      "repository: https://github.com/me/code.git",
    ]);
    expect(asked[0]?.command).toContain("/work/code");
  });

  it("is found on the volume where nobody answers at its host", async () => {
    const { told } = await belongings("", undefined, "/work/code");
    expect(told.at(-1)).toBe("repository: https://github.com/me/code.git");
  });

  it("is no repository where it works in none: what is cloned may be its configuration", async () => {
    const { told } = await belongings("/work", "");
    expect(told.join()).not.toContain("repository");
  });
});
