import { messageOf, type Progress } from "../../base/index.ts";
import type { StartedWorld } from "../../scenario/index.ts";
import type { CommandContext } from "../context.ts";
import { type Keys, listenForKeys } from "../keys.ts";
import type { Shown } from "../show-workspaces.ts";

export const whatKeysDo = "q ends · r runs again · o opens the browser · k a shell with kubectl";

export interface HandsOptions {
  /** What is on the terminal. */
  display: { say(text: string): void; pause(): void; resume(): void };
  progress: Progress;
  /** The world to look into, if there is one. */
  world(): StartedWorld | undefined;
  /** `r` */
  again(): void;
  /** `q` */
  end(): void;
}

/** Somebody at the keyboard. Disposing closes what they have opened. */
export interface Hands extends Disposable {
  /** Resolves as soon as nobody is in a shell. */
  free(): Promise<void>;
}

/** Does what the keys ask for, where there is a keyboard and a screen. */
export function listenToHands(context: CommandContext, options: HandsOptions): Hands {
  const { stdin, stdout } = context;
  const open = new Set<Shown>();
  let shell = Promise.resolve();
  if (!stdin?.isTTY || !stdout.isTTY) return { free: () => shell, [Symbol.dispose]() {} };
  const keys = listenForKeys(stdin, (key) => {
    if (key === "q") options.end();
    if (key === "r") options.again();
    if (key === "o") void openBrowser(context, options, open);
    if (key === "k") shell = enterShell(context, options, keys);
  });
  return {
    free: () => shell,
    [Symbol.dispose]() {
      keys[Symbol.dispose]();
      for (const one of open) void one[Symbol.asyncDispose]();
    },
  };
}

async function openBrowser(
  { rooms, resultsDir, env, signal }: CommandContext,
  { display, progress, world: found }: HandsOptions,
  open: Set<Shown>,
): Promise<void> {
  const world = found();
  if (!world) return display.say("there is no workspace yet");
  try {
    display.say("the browser opens as soon as the workspaces answer");
    await world.ready();
    const shown = await rooms.showWorkspaces({ resultsDir, names: [], env, progress, signal });
    open.add(shown);
    display.say(shown.told);
    await shown.closed;
    await shown[Symbol.asyncDispose]();
    open.delete(shown);
  } catch (error) {
    display.say(`the browser cannot be opened: ${messageOf(error)}`);
  }
}

async function enterShell(
  { env, rooms }: CommandContext,
  { display, world: found }: HandsOptions,
  keys: Keys,
): Promise<void> {
  const world = found();
  if (!world) return display.say("there is no cluster yet");
  display.pause();
  keys.pause();
  try {
    await rooms.enterShell(world.kubeconfigFile, env);
  } catch (error) {
    display.say(`no shell can be had: ${messageOf(error)}`);
  } finally {
    keys.resume();
    display.resume();
  }
}
