import { expect, it } from "vitest";
import { gitHubHostKeys } from "../home/index.ts";
import { newHostKeys } from "./ssh-host-keys.ts";

it("makes a key of each kind that github.com has", () => {
  const { privateKeys, publicKeys } = newHostKeys();
  expect(Object.keys(publicKeys).sort()).toEqual(Object.keys(gitHubHostKeys).sort());
  expect(privateKeys).toHaveLength(3);
});
