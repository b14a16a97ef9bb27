import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Page } from "playwright-core";
import { HarnessError } from "../base/index.ts";
import { gatewayNodePorts } from "../cluster/index.ts";
import { type BrowserOptions, startBrowser } from "./browser.ts";
import type { Visit } from "./own-window.ts";

export interface PictureOptions extends Omit<BrowserOptions, "leadsTo"> {
  visits: readonly (Visit & { picture: string })[];
}

/** OpenCode's page has no word in it until it has asked for its provider list; that takes half a minute where much else is done. */
const wordsWithinMs = 120_000;

/** Takes a picture of each workspace's first page, as the harness's own browser shows it beside the cluster. */
export async function takePictures({ visits, ...options }: PictureOptions): Promise<void> {
  const leadsTo = Object.fromEntries(
    visits.map(({ host }) => [`${host}:443`, `server:${gatewayNodePorts.https}`]),
  );
  await using started = await startBrowser({ ...options, leadsTo });
  for (const { host, passwordFile, picture } of visits) {
    const origin = `https://${host}`;
    const password = await readFile(passwordFile, "utf8");
    const context = await started.browser.newContext({
      httpCredentials: { origin, username: "opencode", password },
    });
    const page = await context.newPage();
    await page.goto(origin, { waitUntil: "commit" });
    await untilWords(page, origin);
    await mkdir(dirname(picture), { recursive: true });
    await page.screenshot({ path: picture });
    await context.close();
  }
}

/** Not until the network is idle: a page that listens to events never lets it be. */
async function untilWords(page: Page, origin: string): Promise<void> {
  const words = page.locator("body").filter({ hasText: /[a-z]{3}/i });
  await words.waitFor({ timeout: wordsWithinMs }).catch((cause: unknown) => {
    throw new HarnessError(`${origin}/ shows no word within ${wordsWithinMs / 1_000} s`, {
      code: "failed",
      cause,
      remedy:
        "try again when this machine has less to do; the pod's log and its state say whether it is the workspace",
    });
  });
}
