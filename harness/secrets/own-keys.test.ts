import { expect, it } from "vitest";
import type { AnyObject } from "../cluster/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { externalSecretOf, fakeCluster, secretOf } from "./fake-cluster.ts";
import { ownKeys } from "./own-keys.ts";

const first = {
  TEAM_PASSWORD: "first-password",
  TEAM_PAT: "ghp_1",
  TEAM_UNUSED: "unused-1",
  OTHER: "other-1",
};
const second = {
  TEAM_PASSWORD: "second-password",
  TEAM_PAT: "ghp_2",
  TEAM_UNUSED: "unused-2",
  OTHER: "other-2",
};

const finds = (path: string) => externalSecretOf({ spec: { dataFrom: [{ find: { path } }] } });
const held = secretOf({ password: "first-password", remote: "https://ghp_1@github.com" });

/** The keys of a workspace of these objects, beside one whose ExternalSecret names these. */
function ownOf(objects: AnyObject[], ofOther: string[] = []) {
  const { workspace } = fakeCluster(objects);
  const [own] = testFacts("opencode-ha").externalSecrets;
  const facts = testFacts("opencode-ha", { externalSecrets: own ? [{ ...own, keys: ofOther }] : [] });
  const { workspace: other } = fakeCluster([], facts);
  return ownKeys({ workspaces: [workspace, other] }, workspace, { first, second });
}

it("a workspace's own keys are found by what is asked for, and by their values in its Secret", async () => {
  expect(await ownOf([finds("TEAM_"), held])).toEqual(["TEAM_PASSWORD", "TEAM_PAT"]);
});

it("a key that another workspace asks for too is not one of them", async () => {
  expect(await ownOf([finds("TEAM_"), held], ["TEAM_PAT"])).toEqual(["TEAM_PASSWORD"]);
});

it("where no value can be seen as it is, or none is its own, all of them count", async () => {
  expect(await ownOf([finds("TEAM_"), secretOf({})])).toEqual(["TEAM_PASSWORD", "TEAM_PAT", "TEAM_UNUSED"]);
  expect(await ownOf([finds("TEAM_"), held], ["TEAM_PASSWORD", "TEAM_PAT"])).toEqual([
    "TEAM_PASSWORD",
    "TEAM_PAT",
  ]);
});
