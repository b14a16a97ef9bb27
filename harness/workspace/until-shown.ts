import type { Page } from "playwright-core";
import { HarnessError, messageOf } from "../base/index.ts";
import { inContainer, route } from "../diagnosis/index.ts";
import type { OpenPage } from "./browser-page.ts";

/** OpenCode's pages ask for its provider list first, which takes seconds of a pod with half a core. */
export const pageWithinMs = 60_000;

export interface Sight {
  /** Name of the workspace whose page it is. */
  of: string;
  url: string;
  /** Waits until the page shows what it should. */
  appears(page: Page): Promise<void>;
  /** What is said where it does not. */
  message: string;
  remedy: string;
  /** File for a picture of what the page shows instead. */
  pictureOfFailure?: string;
}

/** Goes to the address, and returns when the page shows what it should. Throws where it does not. */
export async function untilShown(
  page: OpenPage,
  { of, url, appears, message, remedy, pictureOfFailure }: Sight,
): Promise<void> {
  const { status, error } = await page.go(url);
  try {
    if (status !== 200) throw new Error(error ?? `status ${status}`);
    await appears(page.page);
  } catch (cause) {
    page.expectAlive();
    if (pictureOfFailure) await page.page.screenshot({ path: pictureOfFailure }).catch(() => {});
    throw new HarnessError(message, {
      code: "failed",
      cause,
      details: await page.account(messageOf(cause)),
      remedy,
      look: [route(of, "rules"), inContainer(of, "app", "resources")],
    });
  }
}
