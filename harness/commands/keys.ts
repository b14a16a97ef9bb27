import { emitKeypressEvents } from "node:readline";

/** What keys are read from: a terminal, which raw mode can be asked of. */
export type Keyboard =
  | NodeJS.ReadStream
  | (NodeJS.ReadableStream & { isTTY?: boolean; setRawMode?(on: boolean): unknown });

export interface Keys extends Disposable {
  /** The terminal belongs to somebody else until `resume`. */
  pause(): void;
  resume(): void;
}

/**
 * Calls back for each key that is pressed, without waiting for a line. In raw mode the terminal makes no signal of Ctrl-C:
 * `interrupt` is called for it.
 */
export function listenForKeys(
  keyboard: Keyboard,
  onKey: (key: string) => void,
  interrupt = () => void process.kill(process.pid, "SIGINT"),
): Keys {
  emitKeypressEvents(keyboard);
  const listen = (_text: string | undefined, key: { name?: string; ctrl?: boolean }) => {
    if (key.ctrl && (key.name === "c" || key.name === "d")) interrupt();
    else if (!key.ctrl && key.name !== undefined) onKey(key.name);
  };
  const keys = {
    pause() {
      keyboard.off("keypress", listen);
      keyboard.setRawMode?.(false);
      keyboard.pause();
    },
    resume() {
      keyboard.on("keypress", listen);
      keyboard.setRawMode?.(true);
      keyboard.resume();
    },
    [Symbol.dispose]: () => keys.pause(),
  };
  keys.resume();
  return keys;
}
