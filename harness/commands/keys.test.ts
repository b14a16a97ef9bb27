import { PassThrough } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { type Keyboard, listenForKeys } from "./keys.ts";

function keyboard() {
  const modes: boolean[] = [];
  const stream = Object.assign(new PassThrough(), { setRawMode: (on: boolean) => modes.push(on) });
  const press = async (text: string) => {
    stream.write(text);
    await setImmediate();
  };
  return { stream: stream as unknown as Keyboard, modes, press };
}

it("hands on each key at once, and takes Ctrl-C for an interruption", async () => {
  const { stream, modes, press } = keyboard();
  const heard: string[] = [];
  using _keys = listenForKeys(
    stream,
    (key) => heard.push(key),
    () => void heard.push("interrupted"),
  );
  await press("q");
  await press("R");
  await press("\u0003");
  expect(heard).toEqual(["q", "r", "interrupted"]);
  expect(modes).toEqual([true]);
});

it("hears nothing while the terminal is somebody else's, and after its end", async () => {
  const { stream, modes, press } = keyboard();
  const heard: string[] = [];
  const keys = listenForKeys(stream, (key) => heard.push(key));
  keys.pause();
  await press("a");
  keys.resume();
  await press("b");
  keys[Symbol.dispose]();
  await press("c");
  expect(heard).toContain("b");
  expect(heard).not.toContain("c");
  expect(modes).toEqual([true, false, true, false]);
});
