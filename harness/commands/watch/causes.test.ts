import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { Causes } from "./causes.ts";

/** Everything that nobody holds is gone after it. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  for (let round = 0; round < 3; round += 1) {
    await setImmediate();
    runInNewContext("gc")();
  }
}

const running = () => new AbortController().signal;

it("overtakes a round that looks only later whether it was", async () => {
  const causes = new Causes(running());
  const round = AbortSignal.any([running(), causes.overtaking()]);
  causes.push("save");
  await collectGarbage();
  expect(round.aborted).toBe(true);
});

it("gives the last of several causes, and none after the end", async () => {
  const end = new AbortController();
  const causes = new Causes(end.signal);
  causes.push("save", 1);
  causes.push("again", 2);
  expect(await causes.take()).toEqual({ kind: "again", at: 2 });
  const next = causes.take();
  end.abort();
  expect(await next).toBeUndefined();
});
