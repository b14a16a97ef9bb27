import { describe, expect, it } from "vitest";
import { allKinds } from "./all-kinds.ts";
import { kindsNamed, planRounds } from "./plan.ts";

const kinds = [
  { name: "a", acts: ["x", "y", "z"], withinMs: 1_000 },
  { name: "b", acts: ["x"], withinMs: 10 },
  { name: "c", acts: ["y"], withinMs: 1 },
];

describe("the rounds of a seed", () => {
  it("are the same each time, and others for another seed", () => {
    expect(planRounds("5f3a", 20, kinds)).toEqual(planRounds("5f3a", 20, kinds));
    expect(planRounds("5f3a", 20, kinds)).not.toEqual(planRounds("5f3b", 20, kinds));
  });

  it("are the first of those of a longer run", () => {
    expect(planRounds("5f3a", 20, kinds).slice(0, 7)).toEqual(planRounds("5f3a", 7, kinds));
  });

  it("have every kind once before any comes twice", () => {
    const names = planRounds("seed", 9, kinds).map(({ kind }) => kind);
    for (const turn of [0, 3, 6]) expect(names.slice(turn, turn + 3).toSorted()).toEqual(["a", "b", "c"]);
  });

  it("take every act in the long run, at moments that their kind allows", () => {
    const rounds = planRounds("seed", 300, kinds).filter(({ kind }) => kind === "a");
    expect(new Set(rounds.map(({ act }) => act))).toEqual(new Set(["x", "y", "z"]));
    expect(rounds.every(({ atMs }) => atMs >= 0 && atMs < 1_000)).toBe(true);
    expect(Math.max(...rounds.map(({ atMs }) => atMs))).toBeGreaterThan(900);
  });
});

describe("the kinds", () => {
  it("are all of them where none is named, else those that are", () => {
    expect(kindsNamed([], allKinds)).toEqual(allKinds);
    expect(kindsNamed(["full-disk", "lock"], allKinds).map(({ name }) => name)).toEqual([
      "lock",
      "full-disk",
    ]);
  });

  it("are told where one is named that is none", () => {
    expect(() => kindsNamed(["earthquake"], allKinds)).toThrow('there is no kind "earthquake"');
  });

  it("have names of their own, and something to draw", () => {
    expect(new Set(allKinds.map(({ name }) => name)).size).toBe(allKinds.length);
    for (const { acts, withinMs } of allKinds) expect(acts.length * withinMs).toBeGreaterThan(0);
  });
});
