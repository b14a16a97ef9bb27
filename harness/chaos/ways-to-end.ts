import { setTimeout as delay } from "node:timers/promises";
import type { Running } from "./running.ts";

/** As people and machines end a command. */
export const waysToEnd = [
  "kill -9",
  "SIGTERM",
  "SIGHUP",
  "Ctrl-C",
  "Ctrl-C twice",
  "the terminal is closed",
] as const;
export type WayToEnd = (typeof waysToEnd)[number];

/** Two presses of a key that follow each other more quickly count as one. */
const betweenPressesMs = 600;

/** Exit codes that a command may have then: it may have come to its end by itself just before. */
export const codesAfter = (way: WayToEnd): number[] => (way === "kill -9" ? [0, 137] : [0, 130]);

/** Whether the command has time to clean up. */
export const isGentle = (way: WayToEnd): boolean => way !== "kill -9" && way !== "Ctrl-C twice";

export async function end(running: Running, way: WayToEnd): Promise<void> {
  if (way === "the terminal is closed") return running.closeTerminal();
  if (way === "kill -9") return running.signal("SIGKILL");
  if (way === "SIGTERM" || way === "SIGHUP") return running.signal(way);
  running.signal("SIGINT");
  if (way === "Ctrl-C") return;
  await delay(betweenPressesMs);
  running.signal("SIGINT");
}
