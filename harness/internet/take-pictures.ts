import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { gatewayNodePorts } from "../cluster/index.ts";
import { type BrowserOptions, startBrowser } from "./browser.ts";
import type { Visit } from "./own-window.ts";

export interface PictureOptions extends Omit<BrowserOptions, "leadsTo"> {
  visits: readonly (Visit & { picture: string })[];
}

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
    await page.goto(origin, { waitUntil: "networkidle" });
    await mkdir(dirname(picture), { recursive: true });
    await page.screenshot({ path: picture });
    await context.close();
  }
}
