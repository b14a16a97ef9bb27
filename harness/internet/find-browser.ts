import { accessSync, constants, realpathSync } from "node:fs";
import { basename, delimiter, join } from "node:path";

/** Browsers of Chromium's kind: they can be given names, a trusted authority and a profile for one visit. */
const names = [
  "chromium",
  "chromium-browser",
  "google-chrome-stable",
  "google-chrome",
  "microsoft-edge-stable",
  "microsoft-edge",
  "brave-browser",
  "vivaldi-stable",
];

/** The first of them on the path. One in a snap cannot read a profile of ours, so it does not count. */
export function findBrowser(path = ""): string | undefined {
  const candidates = names.flatMap((name) => path.split(delimiter).map((directory) => join(directory, name)));
  return candidates.find((file) => isProgram(file) && !isSnap(file));
}

/** Whether a window can be shown. */
export function hasDisplay({ DISPLAY, WAYLAND_DISPLAY }: NodeJS.ProcessEnv): boolean {
  return Boolean(DISPLAY || WAYLAND_DISPLAY);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isSnap(file: string): boolean {
  const real = realpathSync(file);
  return real.startsWith("/snap/") || basename(real) === "snap";
}
