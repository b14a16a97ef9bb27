import { beforeEach, expect, it } from "vitest";
import { silent } from "../base/index.ts";
import type { StartedWorld } from "../world/started-world.ts";
import { WarmWorld } from "./warm-world.ts";

let acts: string[];
let warm: WarmWorld;
let reset: () => Promise<void>;
beforeEach(() => {
  acts = [];
  reset = async () => {};
  const world = {
    publish: async () => void acts.push("publish"),
    reset: async () => {
      acts.push("reset");
      await reset();
    },
    takeBack: async () => void acts.push("take back"),
    [Symbol.asyncDispose]: async () => void acts.push("dispose"),
  } as unknown as StartedWorld;
  const open = async () => {
    acts.push("open");
    return world;
  };
  warm = new WarmWorld({ open, progress: silent });
});

const soundWorld = async () => {
  await warm.take("running");
  warm.left({ isSound: true });
  acts = [];
};

it("publishes over what is sound, and puts back what is not, or what is to begin from nothing", async () => {
  await soundWorld();
  await warm.take("running");
  await warm.take("running"); // nobody has said how it was left
  warm.left({ isSound: true });
  await warm.take("nothing");
  expect(acts).toEqual(["publish", "reset", "publish", "reset", "publish"]);
});

it("publishes nothing for a run that was overtaken while the world was put back, and does not put it back again", async () => {
  await soundWorld();
  const overtaken = new AbortController();
  reset = async () => overtaken.abort(new Error("a newer save"));
  await expect(warm.take("nothing", undefined, overtaken.signal)).rejects.toThrow("a newer save");
  expect([warm.isEmpty, warm.isSound]).toEqual([true, false]);
  await warm.take("nothing");
  expect(acts).toEqual(["reset", "publish"]);
  expect(warm.isEmpty).toBe(false);
});

it("starts a new one where it cannot be put back", async () => {
  await soundWorld();
  reset = async () => {
    throw new Error("a namespace stays");
  };
  await warm.take("nothing");
  expect(acts).toEqual(["reset", "dispose", "open"]);
});

it("takes back what a run has changed in Git only where that run has left it sound", async () => {
  await warm.takeBack();
  await soundWorld();
  await warm.takeBack();
  warm.left({ isSound: false });
  await warm.takeBack();
  expect(acts).toEqual(["take back"]);
});
