import { describe, expect, it } from "vitest";
import { Kept } from "./kept.ts";

const never = new AbortController().signal;
const hanging = { [Symbol.asyncDispose]: () => new Promise<void>(() => {}) };
const limits = { deadlineMs: 60_000, interruptedMs: 20 };

describe("what a scenario has kept", () => {
  it("is given back, the last one first", async () => {
    const acts: string[] = [];
    const kept = new Kept(never);
    for (const name of ["node", "shell"]) {
      kept.keep({ [Symbol.asyncDispose]: async () => void acts.push(name) });
    }
    await kept[Symbol.asyncDispose]();
    expect(acts).toEqual(["shell", "node"]);
  });

  it("is waited for a moment only when the run is interrupted, before or meanwhile", async () => {
    for (const interruptedAfter of [0, 20]) {
      const abort = new AbortController();
      if (interruptedAfter === 0) abort.abort();
      else setTimeout(() => abort.abort(), interruptedAfter);
      const kept = new Kept(abort.signal, limits);
      kept.keep(hanging);
      const startedAt = Date.now();
      await kept[Symbol.asyncDispose]();
      expect(Date.now() - startedAt).toBeLessThan(5_000);
    }
  });

  it("fails when it is not given back in time, or cannot be", async () => {
    const slow = new Kept(never, { ...limits, deadlineMs: 20 });
    slow.keep(hanging);
    await expect(slow[Symbol.asyncDispose]()).rejects.toMatchObject({
      code: "environment",
      message: "what the scenario had kept was not given back within 0.02 s",
    });
    const broken = new Kept(never);
    broken.keep({ [Symbol.asyncDispose]: () => Promise.reject(new Error("the node is still down")) });
    await expect(broken[Symbol.asyncDispose]()).rejects.toThrow("the node is still down");
  });

  it("includes what was only being started, whether that comes or not", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const kept = new Kept(never);
    void kept.begin(promise);
    kept.begin(Promise.reject(new Error("it did not start"))).catch(() => {});
    let isOver = false;
    const over = kept[Symbol.asyncDispose]().then(() => {
      isOver = true;
    });
    await new Promise((next) => setTimeout(next, 20));
    expect(isOver).toBe(false);
    resolve();
    await over;
  });
});
