import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import type { Cluster, Wait } from "../cluster/index.ts";
import type { DopplerControl } from "../internet/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { DeployedWorkspace } from "../workspace/index.ts";
import { asksFor, loginKey, nextValues, syncSecrets, untilSecretsHold } from "./rotation.ts";

const gateway = { host: "127.0.0.1", httpsPort: 443, caPem: "" };
const generations = { first: { PAT: "one", PASSWORD: "uno" }, second: { PAT: "two", PASSWORD: "due" } };

function dopplerWith(values: Record<string, string>): DopplerControl {
  const digest = (value: string) => createHash("sha256").update(value).digest("hex");
  const digests = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, digest(value)]));
  return { digests: async () => digests } as unknown as DopplerControl;
}

it("the next value of a key is the one that Doppler does not have", async () => {
  const doppler = dopplerWith({ PAT: "one", PASSWORD: "due" });
  expect(await nextValues(doppler, generations)).toEqual({ PAT: "two", PASSWORD: "uno" });
});

it("knows the login by what it is, whatever its key is called", () => {
  const facts = testFacts("studio", {
    externalSecrets: [
      {
        name: "studio",
        secret: "studio",
        store: { kind: "ClusterSecretStore", name: "doppler-secrets" },
        keys: ["STUDIO_LOGIN"],
        finds: [{ path: "SERVER_" }],
      },
    ],
  });
  const login = JSON.stringify({ "github-copilot": { refresh: "gho_1" } });
  const first = { OTHER_COPILOT: login, STUDIO_LOGIN: Buffer.from(login).toString("base64") };
  expect(loginKey({ facts }, { first, second: {} })).toBe("STUDIO_LOGIN");
  expect(asksFor({ facts }, "SERVER_PASSWORD")).toBe(true);
  expect(asksFor({ facts }, "OTHER_COPILOT")).toBe(false);
});

it("every ExternalSecret of the workspaces is asked to look now", async () => {
  const merged: string[] = [];
  const objects = {
    merge: async ({ metadata }: { metadata: { name: string; annotations: object } }) =>
      void merged.push(`${metadata.name} ${Object.keys(metadata.annotations)}`),
  };
  const cluster = { objects } as unknown as Cluster;
  await syncSecrets(["a", "b"].map((name) => new DeployedWorkspace(testFacts(name), cluster, gateway)));
  expect(merged).toEqual(["a-secret force-sync", "b-secret force-sync"]);
});

it("the Secrets hold the new values when each stands in one, decoded or behind something", async () => {
  const encoded = Buffer.from("decoded").toString("base64");
  const wanted = { PAT: "two", REPOSITORY: "due", LOGIN: encoded };
  const judge = (...contents: string[]) => {
    const data = Object.fromEntries(
      contents.map((content, index) => [index, Buffer.from(content).toString("base64")]),
    );
    const wait = async ({ until }: Wait<unknown>) => {
      const verdict = until([{ metadata: { namespace: "opencode" }, data }]);
      if ("waiting" in verdict) throw new Error(verdict.waiting);
    };
    const cluster = { wait } as unknown as Cluster;
    const workspace = new DeployedWorkspace(testFacts(), cluster, gateway);
    return untilSecretsHold([workspace], wanted, new AbortController().signal);
  };
  await expect(judge("two", "due/opencode-flux", "decoded")).resolves.toBeUndefined();
  await expect(judge("two", "uno/opencode-flux", "encoded")).rejects.toThrow(
    "no Secret has the new value of REPOSITORY, LOGIN",
  );
});
