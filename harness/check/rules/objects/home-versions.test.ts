import { expect, it } from "vitest";
import type { OwnedObject } from "../../../home/index.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { ofOtherVersions, type Told } from "./home-versions.ts";

const inspected = {
  leadsToOurs: ({ name }: { name: string }) => name === "opencode",
} as unknown as Inspected;

const told = (owner: string, file = `${owner}.yaml`): Told => ({
  one: { file, owner: { namespace: "flux-system", name: owner } } as unknown as OwnedObject,
  sign: "HelmRelease spec.install.newer",
  runsHere: "helm-controller v1",
  fault: { message: `HelmRelease ${owner} has an unknown field`, remedy: "remove it" },
});

it("tells a field once that many files of others have, for the home runs another version", () => {
  expect(
    ofOtherVersions(
      inspected,
      ["a", "b", "c", "d", "opencode"].map((one) => told(one)),
    ),
  ).toEqual([
    {
      message: "HelmRelease opencode has an unknown field",
      remedy: expect.stringMatching(/another version: what runs here is helm-controller v1$/),
      severity: "warning",
    },
    {
      message: "HelmRelease a has an unknown field, and so do 3 others of its kind",
      remedy: expect.stringMatching(/another version/),
      isBlocker: false,
    },
  ]);
});

it("takes it for a slip where few have it, or all have it of one file", () => {
  const few = ["a", "b", "c", "opencode"].map((one) => told(one));
  expect(ofOtherVersions(inspected, few)).toEqual(few.map(({ fault }) => fault));
  const component = ["a", "b", "c", "d", "e"].map((one) => told(one, "component.yaml"));
  expect(ofOtherVersions(inspected, component)).toEqual(component.map(({ fault }) => fault));
});
