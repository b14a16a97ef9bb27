import { HarnessError, messageOf, type Progress } from "../../base/index.ts";
import type { StartedWorld } from "../../scenario/index.ts";
import type { CommandContext } from "../context.ts";
import { type Keys, listenForKeys } from "../keys.ts";
import { unlessAborted } from "../unless-aborted.ts";

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

/** Somebody at the keyboard. Disposing closes what they have opened, and what is about to open. */
export interface Hands extends AsyncDisposable {
  /** Resolves as soon as nobody is in a shell. */
  free(): Promise<void>;
}

/** Does what the keys ask for, where there is a keyboard and a screen. */
export function listenToHands(context: CommandContext, options: HandsOptions): Hands {
  const { stdin, stdout } = context;
  const windows = new Set<Promise<void>>();
  const ended = new AbortController();
  const signal = AbortSignal.any([context.signal, ended.signal]);
  let shell = Promise.resolve();
  if (!stdin?.isTTY || !stdout.isTTY) return { free: () => shell, async [Symbol.asyncDispose]() {} };
  const keys = listenForKeys(stdin, (key) => {
    if (key === "q") options.end();
    if (key === "r") options.again();
    if (key === "o") windows.add(openBrowser({ ...context, signal }, options));
    if (key === "k") shell = enterShell(context, options, keys);
  });
  return {
    free: () => shell,
    async [Symbol.asyncDispose]() {
      keys[Symbol.dispose]();
      ended.abort(new HarnessError("nobody is there any more", { code: "interrupted" }));
      await Promise.all(windows); // what shows the workspaces is in the run's network, which goes next
    },
  };
}

/** Resolves when nothing is open any more; rejects never. */
async function openBrowser(
  { rooms, resultsDir, env, signal }: CommandContext,
  { display, progress, world: found }: HandsOptions,
): Promise<void> {
  const world = found();
  if (!world) return display.say("there is no workspace yet");
  try {
    display.say("the browser opens as soon as the workspaces answer");
    await unlessAborted(world.ready(), signal);
    await using shown = await rooms.showWorkspaces({ resultsDir, names: [], env, progress, signal });
    display.say(shown.told);
    await unlessAborted(shown.closed, signal);
  } catch (error) {
    if (!signal.aborted) display.say(`${whyNotShown(error)}\no tries again`);
  }
}

/** What runs may take a workspace away while it is looked at. */
function whyNotShown(error: unknown): string {
  const isGone = /ERR_HTTP_RESPONSE_CODE_FAILURE|ERR_CONNECTION|ERR_EMPTY_RESPONSE/.test(messageOf(error));
  return isGone
    ? "a workspace did not answer the browser: what runs may have taken its pod away"
    : `the browser cannot be opened: ${messageOf(error)}`;
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
