import { existsSync } from "node:fs";

/** Where Debian, Ubuntu and GitHub's runners have a Chromium; CHROME_BIN names another one. */
const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A Chromium of this machine for the tests of the page; undefined where there is none. */
export function localBrowser(env = process.env): string | undefined {
  return [...(env.CHROME_BIN ? [env.CHROME_BIN] : []), ...usual].find((file) => existsSync(file));
}
