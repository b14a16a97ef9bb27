import { setImmediate as turnOfEvents } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Turns } from "./turns.ts";

/** What has got its turn so far. */
function watched(names: string[]) {
  const turns = new Turns(names);
  const got: string[] = [];
  const alone = (name: string) => void turns.alone(name).then(() => got.push(name));
  const seen = async () => {
    await turnOfEvents();
    return got;
  };
  return { turns, alone, seen };
}

describe("Turns", () => {
  it("gives a turn when nobody else is at work", async () => {
    const { turns, alone, seen } = watched(["websocket", "copilot"]);
    alone("copilot");
    expect(await seen()).toEqual([]);
    turns.leave("websocket");
    expect(await seen()).toEqual(["copilot"]);
  });

  it("gives it at once to the only one", async () => {
    const { alone, seen } = watched(["copilot"]);
    alone("copilot");
    expect(await seen()).toEqual(["copilot"]);
  });

  it("gives it one after the other, in the order that was given", async () => {
    const { turns, alone, seen } = watched(["backup", "copilot"]);
    alone("copilot");
    alone("backup");
    expect(await seen()).toEqual(["backup"]);
    turns.leave("backup");
    expect(await seen()).toEqual(["backup", "copilot"]);
  });

  it("gives none to who has ended while waiting for it", async () => {
    const { turns, alone, seen } = watched(["backup", "copilot", "websocket"]);
    alone("backup");
    alone("copilot");
    turns.leave("backup");
    turns.leave("websocket");
    expect(await seen()).toEqual(["copilot"]);
  });

  it("waits for nobody who has left without a turn", async () => {
    const { turns, alone, seen } = watched(["backup", "copilot", "websocket"]);
    turns.leave("backup");
    turns.leave("websocket");
    alone("copilot");
    expect(await seen()).toEqual(["copilot"]);
  });
});
