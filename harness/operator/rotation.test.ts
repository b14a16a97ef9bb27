import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import type { Cluster, Wait } from "../cluster/index.ts";
import type { DopplerControl } from "../internet/index.ts";
import { nextValues, syncSecrets, untilSecretsHold } from "./rotation.ts";

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

it("every ExternalSecret of the workspaces is asked to look now", async () => {
  const merged: string[] = [];
  const objects = {
    all: async () => [{ metadata: { name: "a" } }, { metadata: { name: "b" } }],
    merge: async ({ metadata }: { metadata: { name: string; annotations: object } }) =>
      void merged.push(`${metadata.name} ${Object.keys(metadata.annotations)}`),
  };
  await syncSecrets({ objects } as unknown as Cluster);
  expect(merged).toEqual(["a force-sync", "b force-sync"]);
});

it("the Secrets hold the new values when each stands in one, decoded or behind something", async () => {
  const encoded = Buffer.from("decoded").toString("base64");
  const wanted = { PAT: "two", REPOSITORY: "due", LOGIN: encoded };
  const judge = (...contents: string[]) => {
    const data = Object.fromEntries(
      contents.map((content, index) => [index, Buffer.from(content).toString("base64")]),
    );
    const wait = async ({ until }: Wait<unknown>) => {
      const verdict = until([{ data }]);
      if ("waiting" in verdict) throw new Error(verdict.waiting);
    };
    const cluster = { wait } as unknown as Cluster;
    return untilSecretsHold(cluster, wanted, new AbortController().signal);
  };
  await expect(judge("two", "due/opencode-flux", "decoded")).resolves.toBeUndefined();
  await expect(judge("two", "uno/opencode-flux", "encoded")).rejects.toThrow(
    "no Secret has the new value of REPOSITORY, LOGIN",
  );
});
