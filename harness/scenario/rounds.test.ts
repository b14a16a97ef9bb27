import { describe, expect, it } from "vitest";
import { roundsOf } from "./rounds.ts";
import { scenario, type WorldUse } from "./scenario.ts";

const named = (name: string, world: WorldUse = {}) =>
  scenario({ name, title: name, covers: { pitfalls: [] }, mutants: [], world }, ({ step }) =>
    step("a step", async () => {}),
  );
const drain = named("drain");
const crash = named("crash");
const websocket = named("websocket", { isGentle: true });
const ingress = named("ingress", { isGentle: true });
const persistence = named("persistence", { isFirst: true });
const namesOf = (scenarios: Parameters<typeof roundsOf>[0]) =>
  roundsOf(scenarios).map(({ scenarios: round }) => round.map(({ name }) => name));

describe("roundsOf", () => {
  it("puts the one that wants a new world first, the gentle ones together, the others alone", () => {
    expect(namesOf([drain, ingress, persistence, crash, websocket])).toEqual([
      ["persistence"],
      ["ingress", "websocket"],
      ["drain"],
      ["crash"],
    ]);
  });

  it("puts those that are gentle at first with the gentle ones", () => {
    const copilot = named("copilot", { gentleUntil: "a step" });
    expect(namesOf([drain, copilot, persistence, websocket])).toEqual([
      ["persistence"],
      ["copilot", "websocket"],
      ["drain"],
    ]);
  });

  it("asks for a new world only for those that want one", () => {
    const other = named("upgrade", { isFirst: true, isGentle: true });
    const rounds = roundsOf([persistence, other, websocket, drain]);
    expect(rounds.map(({ needsNewWorld }) => needsNewWorld)).toEqual([true, true, false, false]);
  });

  it("makes one round of one scenario, whatever it asks for", () => {
    for (const one of [drain, websocket, persistence]) expect(namesOf([one])).toEqual([[one.name]]);
  });
});
