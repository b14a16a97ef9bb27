import { expect, it } from "vitest";
import { differences, type Thing } from "./things.ts";

const container: Thing = { kind: "container", name: "foreign", state: "running since noon" };
const volume: Thing = { kind: "volume", name: "foreign", state: "" };

it("finds nothing where everything is as it was", () => {
  expect(differences([container, volume], [{ ...volume }, { ...container }])).toEqual([]);
});

it("finds what was left, what is gone and what was touched", () => {
  const after = [
    { ...container, state: "running since one" },
    { ...container, name: "ours" },
  ];
  expect(differences([container, volume], after).map(({ what }) => what)).toEqual([
    "left: container ours",
    "gone, and not ours: volume foreign",
    "touched, and not ours: container foreign, which was running since noon and is running since one",
  ]);
});
