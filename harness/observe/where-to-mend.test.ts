import { expect, it } from "vitest";
import { knowWorkspaces } from "../diagnosis/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { whatShows } from "./where-to-mend.ts";

it("looks in a container for what shows all, then for what reads the Secrets that it holds", () => {
  knowWorkspaces([testFacts("opencode-flux")]);
  const [place] = whatShows("opencode-flux-549b5f7c9c-sgjx6", "git-clone");
  expect(place?.words?.[0]).toBe("set -x");
  expect(place?.words?.at(-1)).toBe("/secrets/github/pat");
  expect(place?.words).not.toContain("/secrets/copilot/auth.json");
});

it("has no place for a pod of the platform", () => {
  expect(whatShows("coredns", "coredns")).toEqual([]);
});
