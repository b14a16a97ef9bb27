import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cacheDir, silent } from "../base/index.ts";
import { useEmptyCache } from "../base/test-cache.ts";
import type { Ground } from "./ground.ts";
import { type Playing, playRounds } from "./play-rounds.ts";
import type { Kind } from "./round.ts";
import type { Thing } from "./things.ts";

useEmptyCache();

const foreign: Thing = { kind: "volume", name: "foreign", state: "" };

/** A ground of which only what is looked at is there; `opened` counts them. */
function grounds() {
  const stage = { opened: 0, things: [foreign] as Thing[] };
  const open = async (): Promise<Ground> => {
    stage.opened += 1;
    stage.things = [foreign];
    const ground: Partial<Ground> = {
      signal: new AbortController().signal,
      look: async () => [...stage.things],
      transcript: () => [],
      [Symbol.asyncDispose]: async () => {},
    };
    return ground as Ground;
  };
  return { stage, open };
}

const kind = (name: string, play: Kind["play"], more: Partial<Kind> = {}): Kind => ({
  ...{ name, title: name, acts: ["act"], withinMs: 1, play },
  ...more,
});

function playing(kinds: Kind[], open: Playing["open"], kept: number[] = []): Playing {
  const rounds = kinds.map(({ name }, index) => ({ number: index + 1, kind: name, act: "act", atMs: 0 }));
  const keepEvidence: Playing["keepEvidence"] = async ({ number }) => void kept.push(number);
  const signal = new AbortController().signal;
  return { rounds, kinds, progress: silent, signal, keepEvidence, ...(open ? { open } : {}) };
}

it("plays on one ground as long as nothing is found", async () => {
  const { stage, open } = grounds();
  const outcomes = await playRounds(playing([kind("a", async () => []), kind("b", async () => [])], open));
  expect(outcomes).toMatchObject([{ status: "passed" }, { status: "passed" }]);
  expect(stage.opened).toBe(1);
  expect(await readdir(join(cacheDir(), "tmp")).catch(() => [])).toHaveLength(1);
});

it("finds what a round has left, keeps evidence, and goes on where that is not", async () => {
  const { stage, open } = grounds();
  const kept: number[] = [];
  const leaves = kind("leaves", async () => {
    stage.things.push({ kind: "container", name: "ours", state: "" });
    return [];
  });
  const outcomes = await playRounds(playing([leaves, kind("b", async () => [])], open, kept));
  expect(outcomes).toMatchObject([
    { status: "found", findings: [{ what: "left: container ours" }] },
    { status: "passed" },
  ]);
  expect([stage.opened, kept]).toEqual([2, [1]]);
});

it("finds what is not as it must be, and what could not be played", async () => {
  const { open } = grounds();
  const breaks = kind("breaks", async () => Promise.reject(new Error("the disk is in use")));
  const outcomes = await playRounds(playing([kind("a", async () => [{ what: "it hung" }]), breaks], open));
  expect(outcomes).toMatchObject([
    { status: "found", findings: [{ what: "it hung" }] },
    { findings: [{ what: "the round could not be played to its end: the disk is in use" }] },
  ]);
});

it("skips what this machine cannot do, which is not passed", async () => {
  const { open } = grounds();
  const cannot = kind("disk", async () => [], { whyNot: async () => "no loop devices" });
  expect(await playRounds(playing([cannot], open))).toMatchObject([
    { status: "skipped", why: "no loop devices" },
  ]);
});
